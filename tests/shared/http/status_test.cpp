#include "shared/http/status.hpp"

#include <gtest/gtest.h>

namespace bundle {

TEST(Status, HasTheRegisteredPhraseOrNone) {
    EXPECT_EQ(reason_phrase(200), "OK");
    EXPECT_EQ(reason_phrase(413), "Content Too Large");
    EXPECT_EQ(reason_phrase(299), "");
    EXPECT_EQ(reason_phrase(0), "");
    EXPECT_EQ(reason_phrase(65535), "");
}

}  // namespace bundle
