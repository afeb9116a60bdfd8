#include "frontend/compression/compressed_answer.hpp"

#include <gmock/gmock.h>

#include <array>

namespace bundle {

namespace {

CompressionConfig rules() {
    return {
        .on = true, .types = {"text/*", "application/json"},
             .min_size = {100},
             .level = 6
    };
}

bool compressible(const Headers& fields, std::uint16_t status = 200) {
    return is_compressible(status, fields, rules());
}

std::string inflated(std::string_view bytes) {
    z_stream state{};
    EXPECT_EQ(inflateInit2(&state, 15 + 16), Z_OK);
    std::string out(1 << 20, '\0');
    state.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    state.avail_in = static_cast<uInt>(bytes.size());
    state.next_out = reinterpret_cast<Bytef*>(out.data());
    state.avail_out = static_cast<uInt>(out.size());
    inflate(&state, Z_SYNC_FLUSH);
    out.resize(out.size() - state.avail_out);
    inflateEnd(&state);
    return out;
}

CompressedAnswer answer_with(const Headers& fields) {
    return {200, "OK", fields, std::make_unique<GzipStream>(6)};
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
    const CompressedAnswer answer = answer_with({
        kHtml,
        {"Content-Length", "500"   },
        {"ETag",           "\"a\"" },
        {"Accept-Ranges",  "bytes" },
        {"Vary",           "Cookie"}
    });

    EXPECT_EQ(answer.fields(), (Headers{
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
    CompressedAnswer answer = answer_with({kHtml});
    std::string sent;

    sent += answer.add("first ");
    sent += answer.flush();
    EXPECT_EQ(inflated(sent), "first ");
    EXPECT_EQ(answer.flush(), "");
    sent += answer.add("second");
    sent += answer.end();
    EXPECT_EQ(inflated(sent), "first second");
    EXPECT_FALSE(answer.is_short() || answer.is_cut());
}

TEST(CompressedAnswer, WithALengthNothingIsFlushedAndTheLengthIsKeptTo) {
    CompressedAnswer answer = answer_with({
        kHtml, {"Content-Length", "8"}
    });
    std::string sent;

    sent += answer.add("1234");
    EXPECT_EQ(answer.flush(), "");
    EXPECT_TRUE(answer.is_short());
    sent += answer.add("567890");
    sent += answer.end();
    EXPECT_EQ(inflated(sent), "12345678");
    EXPECT_TRUE(answer.is_cut());
}

TEST(GzipPool, AStreamThatWasUsedBeforeIsAsGoodAsNew) {
    GzipPool pool;
    auto stream = pool.take(1);
    std::string dropped;
    stream->add("something else", GzipFlush::None, dropped);
    pool.give_back(std::move(stream));

    std::string sent;
    pool.take(9)->add("hello", GzipFlush::End, sent);

    EXPECT_EQ(inflated(sent), "hello");
    EXPECT_EQ(sent, gzipped("hello", 9));
}

}  // namespace bundle
