#include "frontend/route/accept.hpp"

#include <gmock/gmock.h>

namespace bundle {

TEST(Accept, AClientGetsTheKindThatItAsksForMost) {
    using enum TextKind;
    const struct {
        const char* accept;
        TextKind expected;
    } table[] = {
        {"",                                                                Html },
        {"*/*",                                                             Html },
        {"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", Html },
        {"text/*",                                                          Html },
        {"application/json",                                                Json },
        {"APPLICATION/JSON",                                                Json },
        {"application/json, */*;q=0.8",                                     Json },
        {"application/json, text/plain, */*",                               Json },
        {"*/*, application/json",                                           Json },
        {"application/problem+json",                                        Json },
        {"application/*",                                                   Json },
        {"application/json;q=0.5, text/html",                               Html },
        {"application/json;q=0.5, text/html;q=0.4",                         Json },
        {"application/json; charset=utf-8; q=0.1 , text/html ; q=0.2",      Html },
        {"application/json;q=0, */*",                                       Html },
        {"text/html;q=0, */*",                                              Json },
        {"text/plain",                                                      Plain},
        {"text/plain, text/html;q=0.9",                                     Plain},
        {"text/html;q=0, text/*",                                           Plain},
        {"image/png",                                                       Plain},
        {"*/*;q=0",                                                         Plain},
        {"+json",                                                           Plain},
        {",;,q=;=,text/html;q=abc",                                         Html },
        {"text/html;q=0.333333333333, application/json;q=0.4",              Html },
    };
    for (const auto& row : table)
        EXPECT_EQ(preferred_text_kind(row.accept), row.expected) << row.accept;
}

}  // namespace bundle
