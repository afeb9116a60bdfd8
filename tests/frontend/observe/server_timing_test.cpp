#include "frontend/observe/server_timing.hpp"

#include <gtest/gtest.h>

namespace bundle {

using std::chrono::microseconds;

constexpr RequestTimes::Moment kBegin{std::chrono::hours(1)};

TEST(ServerTiming, TellsThePartsUpToTheAnswersHead) {
    const RequestTimes times = {.asked_app = true,
                                .received = kBegin,
                                .whole = kBegin + microseconds(100),
                                .handed_over = kBegin + microseconds(3'101'234),
                                .first = kBegin + microseconds(3'143'734),
                                .done = {},
                                .sent = {}};

    EXPECT_EQ(server_timing(times), "read;dur=0.100, queue;dur=3101.134, app;dur=42.500");
}

}  // namespace bundle
