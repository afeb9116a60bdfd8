#include "shared/base/owned_fd.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>

namespace bundle {

namespace {

OwnedFd some_file() { return OwnedFd(open("/dev/null", O_RDONLY | O_CLOEXEC)); }

bool is_open(int fd) { return fcntl(fd, F_GETFD) != -1; }

}  // namespace

TEST(OwnedFd, ClosesWhatItOwnsWhenItEnds) {
    int fd = -1;
    {
        const OwnedFd file = some_file();
        fd = file.get();
        ASSERT_TRUE(is_open(fd));
    }
    EXPECT_FALSE(is_open(fd));
}

TEST(OwnedFd, MovingHandsTheDescriptorOver) {
    OwnedFd first = some_file();
    const int fd = first.get();

    const OwnedFd second = std::move(first);

    EXPECT_EQ(second.get(), fd);
    EXPECT_TRUE(is_open(fd));
    EXPECT_FALSE(first);  // NOLINT(bugprone-use-after-move): that it is empty is the promise
}

TEST(OwnedFd, AssigningClosesWhatWasOwnedBefore) {
    OwnedFd file = some_file();
    const int before = file.get();

    file = some_file();

    EXPECT_TRUE(is_open(file.get()));
    EXPECT_NE(file.get(), before);
    EXPECT_FALSE(is_open(before));
}

TEST(OwnedFd, ReleasingLeavesTheDescriptorOpenAndUnowned) {
    int fd = -1;
    {
        OwnedFd file = some_file();
        fd = file.release();
        EXPECT_FALSE(file);
    }
    EXPECT_TRUE(is_open(fd));
    close(fd);
}

}  // namespace bundle
