// What RequestParser makes of bytes, told in a line that tests compare.
#pragma once
#include <string>
#include <string_view>

#include "frontend/http1/request_parser.hpp"

namespace bundle::http1 {

inline constexpr HeadLimits kTestLimits{.max_request_line = 8_KiB,
                                        .max_headers = 100,
                                        .max_header_size = 8_KiB,
                                        .max_head_size = 64_KiB};

// Feeds `bytes` in parts of `step`, as one connection with keep-alive would; every request is noted
// as "GET /path?query", with "(body)" when it has one, and the end as "400" when one is refused,
// "..." when one is incomplete: "POST /a(xyz) GET /b 400".
inline std::string outcome_of(std::string_view bytes, std::size_t step,
                              const HeadLimits& limits = kTestLimits) {
    RequestParser parser(limits);
    RequestHead head;
    std::string told;
    std::string body;
    std::vector<std::string_view> pieces;
    bool in_body = false;
    const auto refused = [&] { return told + std::to_string(parser.refusal().status); };
    while (!bytes.empty()) {
        auto part = bytes.substr(0, step);
        bytes.remove_prefix(part.size());
        for (bool more = true; more;) {
            auto progress = Progress::Done;
            if (!in_body) {
                progress = parser.read_head(part, head);
                if (progress == Progress::Refused) return refused();
                if (progress == Progress::NeedMore) break;
                in_body = true;
            }
            pieces.clear();
            progress = parser.read_body(part, pieces);
            for (const auto piece : pieces) body += piece;
            if (progress == Progress::Refused) return refused();
            if (progress == Progress::NeedMore) break;
            told.append(head.method).append(" ").append(head.path);
            if (!head.query.empty()) told.append("?").append(head.query);
            if (!body.empty()) told.append("(").append(body).append(")");
            told += ' ';
            body.clear();
            in_body = false;
            parser.reset();
            more = !part.empty();
        }
    }
    if (parser.has_begun()) return told + "...";
    if (told.ends_with(' ')) told.pop_back();
    return told;
}

}  // namespace bundle::http1
