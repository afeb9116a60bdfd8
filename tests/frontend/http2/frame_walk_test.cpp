#include "frontend/http2/frame_walk.hpp"

#include <gtest/gtest.h>

#include <string>

namespace bundle::http2 {

namespace {

std::string frame_of(std::size_t size) {
    std::string frame = {static_cast<char>(size >> 16U), static_cast<char>(size >> 8U),
                         static_cast<char>(size)};
    return frame.append(6, '\0').append(size, 'x');
}

}  // namespace

TEST(FrameWalk, ShortFramesAreCountedWholeAndInParts) {
    const std::string bytes = std::string(24, 'p') + frame_of(0) + frame_of(1) + frame_of(1023) +
                              frame_of(1024) + frame_of(70'000) + frame_of(5);
    for (const std::size_t part : {std::size_t{1}, std::size_t{7}, bytes.size()}) {
        FrameWalk walk;
        for (std::size_t at = 0; at < bytes.size(); at += part)
            walk.read(std::string_view(bytes).substr(at, part));

        EXPECT_EQ(walk.short_frames(), 4U);
    }
}

TEST(FrameWalk, AFrameCountsAsSoonAsItsHeadIsThere) {
    FrameWalk walk;
    walk.read(std::string(24, 'p') + frame_of(8).substr(0, 8));
    EXPECT_EQ(walk.short_frames(), 0U);

    walk.read(std::string_view("\0", 1));
    EXPECT_EQ(walk.short_frames(), 1U);
}

}  // namespace bundle::http2
