#include "frontend/compression/compressed_answer.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>

#include <array>

#include "frontend/compression/compression_pool.hpp"
#include "shared/base/owned_fd.hpp"
#include "tests/support/decompression.hpp"
#include "tests/support/temp_directory.hpp"

namespace bundle {

namespace {

CompressionConfig rules() {
    CompressionConfig rules;
    rules.on = true;
    rules.types = {"text/*", "application/json"};
    rules.min_size = {100};
    return rules;
}

bool compressible(const Headers& fields, std::uint16_t status = 200) {
    return is_compressible(status, fields, rules());
}

std::unique_ptr<CompressedAnswer> answer_with(const Headers& fields) {
    return std::make_unique<CompressedAnswer>(200, "OK", fields,
                                              CompressionPool().take(Coding::Gzip, {.level = 6}));
}

std::string at_once(CompressedAnswer& answer, std::string_view bytes, Flush flush = Flush::None) {
    bytes = bytes.substr(0, answer.take(bytes.size()));
    return std::string(answer.compressed(bytes, flush));
}

constexpr HeaderField kHtml = {"Content-Type", "text/html; charset=utf-8"};

}  // namespace

TEST(CompressedAnswer, WhatIsCompressible) {
    EXPECT_TRUE(compressible({kHtml}));
    EXPECT_TRUE(compressible({
        kHtml, {"Content-Length", "100"}
    }));
    EXPECT_TRUE(compressible({
        {"content-type", "Application/JSON"}
    }));
    EXPECT_TRUE(compressible({kHtml}, 404));
    EXPECT_FALSE(compressible({}));
    EXPECT_FALSE(compressible({
        {"Content-Type", "image/png"}
    }));
    EXPECT_FALSE(compressible({
        {"Content-Type", "text/event-stream"}
    }));
    EXPECT_FALSE(compressible({
        kHtml, {"Content-Length", "99"}
    }));
    EXPECT_FALSE(compressible({
        kHtml, {"Content-Length", "many"}
    }));
    EXPECT_FALSE(compressible({
        kHtml, {"Content-Encoding", "br"}
    }));
    EXPECT_FALSE(compressible({
        kHtml, {"Content-Range", "bytes 0-1/2"}
    }));
    EXPECT_FALSE(compressible({
        kHtml, {"Cache-Control", "private, No-Transform"}
    }));
    constexpr std::array<std::uint16_t, 4> kOthers = {204, 205, 206, 304};
    for (const std::uint16_t status : kOthers)
        EXPECT_FALSE(compressible({kHtml}, status)) << status;
}

TEST(CompressedAnswer, AnEventStreamIsWhereItIsNamed) {
    CompressionConfig named = rules();
    named.types.emplace_back("text/event-stream");

    EXPECT_TRUE(is_compressible(200,
                                {
                                    {"Content-Type", "text/event-stream"}
    },
                                named));
    EXPECT_FALSE(is_compressible(200, {kHtml}, {}));
}

TEST(CompressedAnswer, ItsHeadSaysSoAndPromisesNoLengthAndNoBytesOfTheOther) {
    const auto answer = answer_with({
        kHtml,
        {"Content-Length", "500"   },
        {"ETag",           "\"a\"" },
        {"Accept-Ranges",  "bytes" },
        {"Vary",           "Cookie"}
    });

    EXPECT_EQ(answer->fields(), (Headers{
                                    kHtml,
                                    {"ETag",             "W/\"a\""        },
                                    {"Vary",             "Cookie"         },
                                    {"Vary",             "Accept-Encoding"},
                                    {"Content-Encoding", "gzip"           }
    }));
}

TEST(CompressedAnswer, VaryIsSaidOnce) {
    for (const char* vary : {"Accept-Encoding", "Cookie, accept-encoding", "*"})
        EXPECT_EQ(with_vary({
                      {"Vary", vary}
        }),
                  (Headers{{"Vary", vary}}))
            << vary;
}

TEST(CompressedAnswer, WhatIsFlushedCanBeReadByThen) {
    const auto answer = answer_with({kHtml});

    std::string sent = at_once(*answer, "first ");
    EXPECT_TRUE(answer->has_to_flush());
    sent += answer->compressed({}, Flush::Sync);
    EXPECT_EQ(plain(sent, Coding::Gzip), "first ");
    EXPECT_FALSE(answer->has_to_flush());
    sent += at_once(*answer, "second", Flush::End);
    EXPECT_EQ(plain(sent, Coding::Gzip), "first second");
    EXPECT_FALSE(answer->is_short() || answer->is_cut());
}

TEST(CompressedAnswer, WithALengthNothingIsFlushedAndTheLengthIsKeptTo) {
    const auto answer = answer_with({
        kHtml, {"Content-Length", "8"}
    });

    std::string sent = at_once(*answer, "1234");
    EXPECT_FALSE(answer->has_to_flush());
    EXPECT_TRUE(answer->is_short());
    sent += at_once(*answer, "567890", Flush::End);
    EXPECT_EQ(plain(sent, Coding::Gzip), "12345678");
    EXPECT_TRUE(answer->is_cut());
}

// ---- beside the loop ----

namespace {

struct NoSink final : CompressionSink {
    void job_done(CompressionJob&) override {}
};

Headers with_length(std::string_view length) {
    return {
        kHtml, {"Content-Length", length}
    };
}

// Does the jobs that there are, as the thread would.
std::string by_jobs(CompressedAnswer& answer) {
    NoSink sink;
    std::string out;
    while (const auto job = answer.next_job(sink)) {
        job->run();
        answer.job_done(*job);
        out += job->out;
    }
    return out;
}

}  // namespace

TEST(CompressedAnswer, OneThatIsKnownToBeLargeIsHeavyAndASmallOneNever) {
    EXPECT_TRUE(answer_with(with_length("131072"))->is_heavy(1));
    EXPECT_FALSE(answer_with(with_length("131071"))->is_heavy(131'071));
    EXPECT_FALSE(answer_with(with_length("131072"))->is_heavy(0))
        << "a HEAD has nothing to be done";
}

TEST(CompressedAnswer, OneThatBecomesLargeIsHeavyWhereItComesInLargePieces) {
    const auto answer = answer_with({kHtml});

    EXPECT_FALSE(answer->is_heavy(1 << 20));
    at_once(*answer, std::string(CompressedAnswer::kLarge, 'a'));
    answer->compressed({}, Flush::Sync);
    EXPECT_FALSE(answer->is_heavy(100)) << "a stream of small pieces is none";
    EXPECT_TRUE(answer->is_heavy(CompressedAnswer::kLargePiece));
}

TEST(CompressedAnswer, WhatWaitsKeepsItsOrder) {
    const TempDirectory place;
    const OwnedFd file(::open(place.write("file", std::string(600'000, 'f')).c_str(), O_RDONLY));
    const auto answer = answer_with({kHtml});
    NoSink sink;

    answer->wait("first ");
    auto job = answer->next_job(sink);
    EXPECT_TRUE(answer->is_heavy(1)) << "nothing overtakes it";
    answer->wait("second ");
    answer->wait(FilePiece{file.get(), 1, 599'999}, std::make_shared<int>());
    answer->wait(" third");
    answer->wait_to_end();
    EXPECT_FALSE(answer->next_job(sink)) << "one at a time";
    job->run();
    answer->job_done(*job);
    const std::string sent = job->out + by_jobs(*answer);

    EXPECT_EQ(plain(sent, Coding::Gzip), "first second " + std::string(599'999, 'f') + " third");
    EXPECT_TRUE(answer->is_ended());
}

TEST(CompressedAnswer, AFlushGoesOutWithTheLastOfWhatWaits) {
    const auto answer = answer_with({kHtml});

    answer->wait("for now");
    answer->wait_to_flush();

    EXPECT_EQ(plain(by_jobs(*answer), Coding::Gzip), "for now");
    EXPECT_FALSE(answer->is_ended());
    EXPECT_EQ(by_jobs(*answer), "");
}

TEST(CompressedAnswer, ItIsFullWhileAQuarterOfAMegabyteWaits) {
    const auto answer = answer_with({kHtml});

    answer->wait(std::string(CompressedAnswer::kMostWaiting, 'a'));
    EXPECT_TRUE(answer->is_full());
    by_jobs(*answer);
    EXPECT_FALSE(answer->is_full());
}

TEST(CompressedAnswer, AFileThatWasCutShortFailsItsJob) {
    const TempDirectory place;
    const OwnedFd file(::open(place.write("file", "short").c_str(), O_RDONLY));
    std::unique_ptr<CompressionJob> job;  // it outlives the answer, as the thread has it
    const auto answer = answer_with({kHtml});
    NoSink sink;

    answer->wait(FilePiece{file.get(), 0, 100}, std::make_shared<int>());
    job = answer->next_job(sink);
    job->run();

    EXPECT_TRUE(job->failed);
}

TEST(CompressedAnswer, WhoGoesAwayIsNotToldOfItsJob) {
    auto answer = answer_with({kHtml});
    NoSink sink;

    answer->wait("for nobody");
    const auto job = answer->next_job(sink);
    answer.reset();

    EXPECT_EQ(job->sink, nullptr);
}

}  // namespace bundle
