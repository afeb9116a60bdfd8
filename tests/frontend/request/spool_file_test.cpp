#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <string>

#include "frontend/request/body_buffer.hpp"
#include "tests/support/temp_directory.hpp"

namespace bundle {

namespace {

std::uint64_t blocks_of(int fd) {
    struct stat facts {};
    EXPECT_EQ(fstat(fd, &facts), 0);
    return static_cast<std::uint64_t>(facts.st_blocks) * 512;
}

// No file of this process can grow beyond `size`: a disk that is full, for anyone to make.
class FilesUpTo {
  public:
    explicit FilesUpTo(rlim_t size) {
        signal(SIGXFSZ, SIG_IGN);
        getrlimit(RLIMIT_FSIZE, &before_);
        const rlimit now{.rlim_cur = size, .rlim_max = before_.rlim_max};
        EXPECT_EQ(setrlimit(RLIMIT_FSIZE, &now), 0);
    }
    FilesUpTo(const FilesUpTo&) = delete;
    FilesUpTo& operator=(const FilesUpTo&) = delete;
    ~FilesUpTo() { setrlimit(RLIMIT_FSIZE, &before_); }

  private:
    rlimit before_{};
};

}  // namespace

TEST(SpoolSpace, KeepsTheSpaceFreeThatItIsToldTo) {
    const TempDirectory directory;
    SpoolSpace greedy({.directory = directory.path(), .min_free = {1ULL << 60}});
    SpoolSpace modest({.directory = directory.path(), .min_free = {1}});

    EXPECT_EQ(greedy.met_by(1), Limit::TempMinFree);
    EXPECT_EQ(modest.met_by(1), Limit::None);
    EXPECT_EQ(modest.met_by(1ULL << 60), Limit::TempMinFree);
}

TEST(SpoolSpace, BoundsTheSumOfAllFiles) {
    const TempDirectory directory;
    SpoolSpace space({.directory = directory.path(), .min_free = {}, .max = {100}});
    SpoolFile first;
    SpoolFile second;

    EXPECT_EQ(first.append(std::string(60, 'x'), space), Spooled::Kept);
    EXPECT_EQ(space.met_by(41), Limit::TempMax);
    EXPECT_EQ(second.append(std::string(41, 'x'), space), Spooled::NoRoom);
    EXPECT_FALSE(second.is_open());

    first.close();
    EXPECT_EQ(second.append(std::string(41, 'x'), space), Spooled::Kept);
}

TEST(SpoolFile, GivesBackWhatItTookHoweverItEnds) {
    const TempDirectory directory;
    SpoolSpace space({.directory = directory.path(), .min_free = {}});
    {
        SpoolFile file;
        ASSERT_EQ(file.append(std::string(20U << 20, 'x'), space), Spooled::Kept);
        file.forget_before(9U << 20);
        EXPECT_EQ(space.used(), (20U - 8U) << 20);
        file.rewind();
        EXPECT_EQ(space.used(), 0U);
        ASSERT_EQ(file.append("more", space), Spooled::Kept);
        EXPECT_EQ(space.used(), 4U);
    }
    EXPECT_EQ(space.used(), 0U);
}

TEST(SpoolFile, AWriteThatFailsLeavesWhatWasThereAndStopsFurtherOnesForAMoment) {
    const TempDirectory directory;
    SpoolSpace space({.directory = directory.path(), .min_free = {}});
    SpoolFile file;
    ASSERT_EQ(file.append("before", space), Spooled::Kept);

    testing::internal::CaptureStderr();
    {
        const FilesUpTo limit(8192);
        EXPECT_EQ(file.append(std::string(100'000, 'x'), space), Spooled::NoRoom);
    }
    const std::string told = testing::internal::GetCapturedStderr();

    EXPECT_EQ(file.size(), 6U);
    EXPECT_LE(blocks_of(file.fd()), 4096U);
    EXPECT_EQ(space.used(), 6U);
    EXPECT_NE(told.find("File too large"), std::string::npos) << told;
    EXPECT_FALSE(space.has_room(1));
}

TEST(BodyBuffer, GathersSmallPiecesForItsFile) {
    const TempDirectory directory;
    SpoolSpace space({.directory = directory.path(), .min_free = {}});
    const BodyLimits limits{.memory = {4}, .max = {1 << 20}, .space = &space};
    BodyBuffer body;
    std::string sent = "the beginning";
    EXPECT_EQ(body.append(sent, limits), BodyAppend::Kept);

    for (int i = 0; i < 40'000; ++i) {
        const std::string piece(1, static_cast<char>('a' + i % 26));
        ASSERT_EQ(body.append(piece, limits), BodyAppend::Kept);
        sent += piece;
        ASSERT_EQ(body.size(), sent.size());
        const auto in_file = static_cast<std::size_t>(lseek(body.fd(), 0, SEEK_END));
        ASSERT_TRUE(in_file < 20 || in_file > 8'000) << in_file;
    }
    EXPECT_EQ(body.finish(limits), BodyAppend::Kept);
    std::string kept(sent.size(), '\0');
    EXPECT_EQ(pread(body.fd(), kept.data(), kept.size(), 0), static_cast<ssize_t>(sent.size()));
    EXPECT_EQ(kept, sent);
}

TEST(BodyBuffer, KeepsLargePiecesInOrderWithSmallOnes) {
    const TempDirectory directory;
    SpoolSpace space({.directory = directory.path(), .min_free = {}});
    const BodyLimits limits{.memory = {4}, .max = {1 << 20}, .space = &space};
    BodyBuffer body;
    std::string sent;
    for (const std::string& piece : {std::string(10, 'a'), std::string(10, 'b'),
                                     std::string(20'000, 'c'), std::string(10, 'd')}) {
        EXPECT_EQ(body.append(piece, limits), BodyAppend::Kept);
        sent += piece;
    }
    EXPECT_EQ(body.finish(limits), BodyAppend::Kept);

    std::string kept(sent.size(), '\0');
    EXPECT_EQ(pread(body.fd(), kept.data(), kept.size(), 0), static_cast<ssize_t>(sent.size()));
    EXPECT_EQ(kept, sent);
}

TEST(BodyBuffer, TellsTooLargeFromNoRoomFromADirectoryThatIsGone) {
    const TempDirectory directory;
    SpoolSpace space({.directory = directory.path(), .min_free = {}, .max = {10}});
    SpoolSpace gone({.directory = "/nonexistent", .min_free = {}});
    BodyBuffer body;
    BodyBuffer other;

    EXPECT_EQ(body.append("1234", {.memory = {4}, .max = {12}, .space = &space}), BodyAppend::Kept);
    EXPECT_EQ(body.append("567890123", {.memory = {4}, .max = {12}, .space = &space}),
              BodyAppend::TooLarge);
    EXPECT_EQ(body.append("56789012", {.memory = {4}, .max = {12}, .space = &space}),
              BodyAppend::NoRoom);
    testing::internal::CaptureStderr();
    EXPECT_EQ(other.append("12345", {.memory = {4}, .max = {12}, .space = &gone}),
              BodyAppend::Failed);
    EXPECT_NE(testing::internal::GetCapturedStderr().find("/nonexistent"), std::string::npos);
}

}  // namespace bundle
