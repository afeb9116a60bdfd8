#include "frontend/compression/compression_pool.hpp"

#include <gtest/gtest.h>

#include <set>

#include "tests/support/decompression.hpp"

namespace bundle {

namespace {

std::vector<Coding> built_in() {
    std::vector<Coding> codings;
    for (const Coding coding : {Coding::Brotli, Coding::Zstd, Coding::Gzip})
        if (is_built_in(coding)) codings.push_back(coding);
    return codings;
}

std::string lines(std::size_t size) {
    std::string text;
    for (int number = 0; text.size() < size; ++number)
        text += std::to_string(number * 7919) + " lines of a text\n";
    text.resize(size);
    return text;
}

// What is written for `text`, which comes in pieces of `piece` bytes.
std::string in_pieces(CompressionStream& stream, std::string_view text, std::size_t piece) {
    std::string out;
    for (; text.size() > piece; text.remove_prefix(piece))
        stream.add(text.substr(0, piece), Flush::None, out);
    stream.add(text, Flush::End, out);
    return out;
}

class EachCoding : public testing::TestWithParam<Coding> {};

}  // namespace

TEST_P(EachCoding, GivesWhatItWasGivenHoweverItCame) {
    CompressionPool pool;
    for (const std::size_t size : {0, 1, 1000, 70'000, 3'000'000})
        for (const std::size_t piece : {1'000, 65'536, 4'000'000}) {
            const std::string text = lines(size);
            const auto stream = pool.take(GetParam(), {.level = 3});

            const std::string sent = in_pieces(*stream, text, piece);

            EXPECT_EQ(plain(sent, GetParam()), text) << size << " in pieces of " << piece;
            EXPECT_LT(sent.size(), size / 2 + 100);
        }
}

TEST_P(EachCoding, WhatIsFlushedCanBeReadByThen) {
    const auto stream = CompressionPool().take(GetParam(), {.level = 4, .padding = 10});
    std::string sent;
    std::string text;

    for (const std::size_t size : {1, 30, 100'000, 5}) {
        const std::string piece = lines(size);
        stream->add(piece, Flush::None, sent);
        EXPECT_EQ(stream->held_back(), size);
        stream->add({}, Flush::Sync, sent);
        EXPECT_EQ(stream->held_back(), 0U);
        text += piece;
        EXPECT_EQ(plain(sent, GetParam()), text);
    }
    stream->add({}, Flush::End, sent);
    EXPECT_EQ(plain(sent, GetParam()), text);
}

TEST_P(EachCoding, AFlushOfNothingIsWell) {
    const auto stream = CompressionPool().take(GetParam(), {.level = 4});
    std::string sent;

    stream->add({}, Flush::Sync, sent);
    stream->add({}, Flush::Sync, sent);
    stream->add("text", Flush::End, sent);

    EXPECT_EQ(plain(sent, GetParam()), "text");
}

TEST_P(EachCoding, AStreamThatWasUsedBeforeIsAsGoodAsNew) {
    CompressionPool pool;
    std::string dropped;
    auto used = pool.take(GetParam(), {.level = 1, .padding = 100});
    used->add("something else", Flush::None, dropped);
    pool.give_back(std::move(used));

    std::string sent;
    pool.take(GetParam(), {.level = 9, .length = 5})->add("hello", Flush::End, sent);

    EXPECT_EQ(plain(sent, GetParam()), "hello");
    EXPECT_EQ(sent, compressed("hello", GetParam(), 9));
}

TEST_P(EachCoding, PaddingMakesItLongerAndTheTextIsTheSame) {
    const std::string text = lines(5000);
    std::set<std::size_t> lengths;
    for (const std::uint32_t padding : {0U, 1U, 3U, 17U, 255U, 4096U}) {
        std::string sent;
        CompressionPool()
            .take(GetParam(), {.level = 4, .padding = padding})
            ->add(text, Flush::End, sent);

        EXPECT_EQ(plain(sent, GetParam()), text) << padding;
        EXPECT_GE(sent.size(), padding);
        lengths.insert(sent.size());
    }
    EXPECT_EQ(lengths.size(), 6U);
}

INSTANTIATE_TEST_SUITE_P(BuiltIn, EachCoding, testing::ValuesIn(built_in()),
                         [](const auto& tested) { return std::string(coding_name(tested.param)); });

TEST(RandomPadding, IsOfEveryLengthUpToTheMostAndNoneWhereItIsOff) {
    CompressionConfig rules;
    EXPECT_EQ(random_padding(rules), 0U);
    rules.padding = {4};
    std::set<std::uint32_t> found;
    for (int i = 0; i < 1000; ++i) found.insert(random_padding(rules));
    EXPECT_EQ(found, (std::set<std::uint32_t>{0, 1, 2, 3, 4}));
}

}  // namespace bundle
