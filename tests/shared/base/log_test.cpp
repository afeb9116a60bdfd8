#include "shared/base/log.hpp"

#include <gtest/gtest.h>

namespace bundle {

TEST(Log, AClientCannotForgeALine) {
    EXPECT_EQ(log_quoted("a\nb \"c\" \\ \x7f\xff"), R"("a\x0ab \"c\" \\ \x7f\xff")");
}

}  // namespace bundle
