#include "shared/base/log_stream.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <string>

#include "shared/base/owned_fd.hpp"

namespace bundle {

using std::chrono::milliseconds;

TEST(LogStream, APipeThatNobodyReadsTakesNothingAndIsWaitedForNoLongerThanOneHasPatience) {
    std::array<int, 2> ends{};
    ASSERT_EQ(pipe2(ends.data(), O_CLOEXEC), 0);
    const OwnedFd reader(ends[0]);
    const OwnedFd writer(ends[1]);
    const LogStream stream(writer.get());
    const std::string line(1000, 'a');

    while (stream.write_some(line, milliseconds(0)) > 0) {
    }

    EXPECT_EQ(stream.write_some(line, milliseconds(1)), 0U);
}

TEST(LogStream, AFileTakesALongLineAtOnce) {
    std::array<char, 32> path = {"/tmp/bundle-log-XXXXXX"};
    const OwnedFd file(mkstemp(path.data()));
    unlink(path.data());

    EXPECT_EQ(LogStream(file.get()).write_some(std::string(100'000, 'a'), milliseconds(0)),
              100'000U);
}

TEST(LogStream, DevNullAndNothingAtAllTakeEverything) {
    const OwnedFd null(open("/dev/null", O_WRONLY | O_CLOEXEC));

    EXPECT_TRUE(LogStream(null.get()).is_null());
    EXPECT_TRUE(LogStream(-1).is_null());
    EXPECT_EQ(LogStream(-1).write_some("line", milliseconds(0)), 4U);
}

}  // namespace bundle
