#include "shared/wire/messages.hpp"

#include <gtest/gtest.h>

#include "tests/support/wire_samples.hpp"

namespace bundle::wire {

namespace {

Frame only_frame(std::string_view bytes) {
    const auto frame = take_frame(bytes);
    return frame && *frame ? **frame : Frame{};
}

// The bytes of a frame with one of its payload's bytes replaced.
std::string with_byte(std::string bytes, std::size_t offset, char value) {
    bytes.at(kHeaderSize + offset) = value;
    return bytes;
}

std::string bytes_of(std::string_view name) {
    for (const WireSample& sample : wire_samples())
        if (sample.name == name) return std::string(sample.bytes);
    ADD_FAILURE() << "no sample is called " << name;
    return {};
}

bool any_payload_will_do(const AnyMessage& message) {
    return std::holds_alternative<Data>(message) || std::holds_alternative<Log>(message) ||
           std::holds_alternative<Unknown>(message);
}

}  // namespace

TEST(Messages, APayloadCutAnywhereIsAnError) {
    for (const WireSample& sample : wire_samples()) {
        if (any_payload_will_do(sample.spoken.message)) continue;
        Frame frame = only_frame(sample.bytes);
        const std::string_view whole = frame.payload;
        for (std::size_t size = 0; size < whole.size(); ++size) {
            // A copy of its own, so that the sanitizers see a read behind it.
            const std::string cut(whole.substr(0, size));
            frame.payload = cut;
            EXPECT_FALSE(decode_any(frame)) << sample.name << " cut to " << size;
        }
    }
}

TEST(Messages, BytesLeftOverAreAnError) {
    for (const WireSample& sample : wire_samples()) {
        Frame frame = only_frame(sample.bytes);
        if (any_payload_will_do(sample.spoken.message) || frame.payload.empty()) continue;
        const std::string longer = std::string(frame.payload) + '\0';
        frame.payload = longer;
        EXPECT_FALSE(decode_any(frame)) << sample.name;
    }
}

TEST(Messages, ALengthThatReachesBeyondThePayloadIsAnError) {
    const std::string bytes = bytes_of("request");
    const std::size_t end_of_fields = only_frame(bytes).payload.size() - 3 - 8 - 1;

    for (std::size_t offset = 3; offset < end_of_fields; ++offset) {
        // The highest byte of every length, and of much that is none: no crash, whatever it means.
        const std::string damaged = with_byte(bytes, offset, '\x7f');
        [[maybe_unused]] const auto message = decode_any(only_frame(damaged));
    }
    EXPECT_FALSE(decode_any(only_frame(with_byte(bytes, 3, '\x7f'))));
}

TEST(Messages, MoreFieldsThanBytesAreRefusedBeforeMemoryIsTaken) {
    const std::string payload(
        "\xc8\0"
        "\0\0\0\0"
        "\xff\xff\xff\xff"
        "\0\0\0\0\0\0\0\0",
        18);
    AnswerHead head;

    EXPECT_FALSE(decode_answer_head(payload, head));
    EXPECT_EQ(head.fields.capacity(), 0);
}

TEST(Messages, ValuesOutsideTheirRangeAreErrors) {
    const std::string file = bytes_of("file");
    const std::string head = bytes_of("answer_head_bare");

    EXPECT_FALSE(decode_any(only_frame(with_byte(bytes_of("end"), 0, 3)))) << "outcome";
    EXPECT_FALSE(decode_any(only_frame(with_byte(bytes_of("hello"), 22, 0)))) << "capacity";
    EXPECT_FALSE(decode_any(only_frame(with_byte(file, 0, 2)))) << "end of the piece";
    EXPECT_FALSE(decode_any(only_frame(with_byte(head, 0, 99)))) << "status below 100";
    EXPECT_FALSE(decode_any(only_frame(with_byte(head, 1, 4)))) << "status above 999";
    EXPECT_FALSE(decode_any(only_frame(with_byte(head, 10, 2)))) << "body";
}

TEST(Messages, AMomentBeforeTheClocksStartIsAnError) {
    const std::string bytes = bytes_of("request_spooled");
    const std::size_t deadlines_last_byte = only_frame(bytes).payload.size() - 8 - 1 - 4 - 1;

    EXPECT_FALSE(decode_any(only_frame(with_byte(bytes, deadlines_last_byte, '\x80'))));
}

TEST(Messages, ABodyIsWhereTheRequestSaysOrItIsAnError) {
    const std::string inlined = bytes_of("request");
    const std::size_t place = only_frame(inlined).payload.size() - 3 - 8 - 1;
    std::string flagged = inlined;
    flagged[6] = 1;
    std::string without_descriptor = bytes_of("request_spooled");
    without_descriptor[6] = 0;

    EXPECT_FALSE(decode_any(only_frame(with_byte(inlined, place, 0)))) << "a body, but None";
    EXPECT_FALSE(decode_any(only_frame(with_byte(inlined, place, 2)))) << "and Descriptor";
    EXPECT_FALSE(decode_any(only_frame(with_byte(inlined, place, 3)))) << "no such place";
    EXPECT_FALSE(decode_any(only_frame(with_byte(inlined, place + 1, 4)))) << "another length";
    EXPECT_FALSE(decode_any(only_frame(flagged))) << "Inline, with a descriptor";
    EXPECT_FALSE(decode_any(only_frame(without_descriptor))) << "Descriptor, without one";
}

TEST(Messages, AnotherVersionIsNamedWhateverFollowsIt) {
    const auto hello = decode_hello(std::string_view("\x09\0???", 5));

    ASSERT_FALSE(hello);
    EXPECT_NE(hello.error().message.find("version 9"), std::string::npos);
}

TEST(Messages, ARequestLeavesNothingOfItselfInTheNext) {
    const std::string first = bytes_of("request");
    const std::string second = bytes_of("request_spooled");
    Request request;

    ASSERT_TRUE(decode_request(only_frame(first), request));
    ASSERT_TRUE(decode_request(only_frame(second), request));

    EXPECT_EQ(Spoken(0xfffffffe, request),
              Spoken(0xfffffffe, decode_any(only_frame(second)).value()));
    EXPECT_TRUE(request.fields.empty());
    EXPECT_TRUE(request.body.empty());
}

TEST(Messages, WhatFitsNoFrameIsRefusedAndNothingIsAppended) {
    const std::string large(kMaxPayload, 'x');
    Request request;
    request.stream = 1;
    request.body_place = BodyPlace::Inline;
    request.body_length = large.size();
    request.body = large;
    std::string out = "before";

    EXPECT_FALSE(encode(out, request));
    EXPECT_FALSE(encode(out, 1, AnswerHead{200, "OK", {{"x", large}}}));
    EXPECT_FALSE(encode(out, 1, AnswerHead{99, "", {}})) << "no such status";
    EXPECT_EQ(out, "before");
}

TEST(Messages, MuchDataTravelsInPieces) {
    const std::string data(2 * kMaxData + 1, 'x');
    std::string out;

    encode_data(out, 5, data);

    std::string_view left = out;
    for (const std::size_t expected : {kMaxData, kMaxData, std::size_t{1}}) {
        const auto frame = take_frame(left);
        ASSERT_TRUE(frame && *frame);
        EXPECT_EQ((*frame)->header.type, FrameType::Data);
        EXPECT_EQ((*frame)->payload.size(), expected);
    }
    EXPECT_TRUE(left.empty());
}

TEST(Messages, NoDataIsNoFrame) {
    std::string out;
    encode_data(out, 5, "");
    EXPECT_TRUE(out.empty());
}

TEST(Messages, ALongLogLineKeepsItsEnd) {
    std::string out;

    encode_log(out, 5, std::string(kMaxLog, 'x') + "ValueError");

    const std::string_view kept = only_frame(out).payload;
    EXPECT_EQ(kept.size(), kMaxLog);
    EXPECT_TRUE(kept.ends_with("ValueError"));
}

}  // namespace bundle::wire
