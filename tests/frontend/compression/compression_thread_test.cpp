#include "frontend/compression/compression_thread.hpp"

#include <gtest/gtest.h>

#include "frontend/compression/compression_pool.hpp"
#include "tests/support/deadline.hpp"
#include "tests/support/decompression.hpp"

namespace bundle {

namespace {

struct Told final : CompressionSink {
    void job_done(CompressionJob& job) override { texts.push_back(plain(job.out, Coding::Gzip)); }
    std::vector<std::string> texts;
};

std::unique_ptr<CompressionJob> job_of(const std::string& text, CompressionSink* sink) {
    auto job = std::make_unique<CompressionJob>();
    job->stream = CompressionPool().take(Coding::Gzip, {.level = 5});
    job->bytes = text;
    job->flush = Flush::End;
    job->sink = sink;
    return job;
}

class CompressionThreadTest : public testing::Test {
  protected:
    void run_until_told(std::size_t jobs) {
        await_condition("jobs to be done", [&] {
            uv_run(loop_.get(), UV_RUN_NOWAIT);
            return told_.texts.size() >= jobs;
        });
    }

    EventLoop loop_;
    Told told_;
};

}  // namespace

TEST_F(CompressionThreadTest, JobsAreToldInTheirOrder) {
    CompressionThread thread(loop_.get());

    for (const char* text : {"one", "two", "three"})
        EXPECT_FALSE(thread.offer(job_of(text, &told_)));
    run_until_told(3);

    EXPECT_EQ(told_.texts, (std::vector<std::string>{"one", "two", "three"}));
}

TEST_F(CompressionThreadTest, WhoFindsNoRoomGetsTheJobBack) {
    CompressionThread thread(loop_.get());
    for (std::size_t i = 0; i < CompressionThread::kRoom; ++i)
        EXPECT_FALSE(thread.offer(job_of("text", &told_)));

    const auto back = thread.offer(job_of("no room", &told_));

    ASSERT_TRUE(back);
    EXPECT_EQ(back->bytes, "no room");
    run_until_told(CompressionThread::kRoom);
    EXPECT_FALSE(thread.offer(job_of("again", &told_)));
    run_until_told(CompressionThread::kRoom + 1);
}

TEST_F(CompressionThreadTest, WhoIsGoneIsNotTold) {
    CompressionThread thread(loop_.get());
    auto for_nobody = job_of("for nobody", &told_);
    CompressionJob* const job = for_nobody.get();

    EXPECT_FALSE(thread.offer(std::move(for_nobody)));
    job->sink = nullptr;
    EXPECT_FALSE(thread.offer(job_of("for somebody", &told_)));
    run_until_told(1);

    EXPECT_EQ(told_.texts, std::vector<std::string>{"for somebody"});
}

TEST_F(CompressionThreadTest, ItEndsWithJobsLeft) {
    auto thread = std::make_unique<CompressionThread>(loop_.get());
    for (std::size_t i = 0; i < CompressionThread::kRoom; ++i)
        EXPECT_FALSE(thread->offer(job_of(std::string(1U << 20, 'a'), &told_)));

    thread.reset();
    uv_run(loop_.get(), UV_RUN_DEFAULT);

    EXPECT_TRUE(told_.texts.empty());
}

}  // namespace bundle
