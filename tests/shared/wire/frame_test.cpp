#include "shared/wire/frame.hpp"

#include <gtest/gtest.h>

#include "tests/support/wire_samples.hpp"

namespace bundle::wire {

class WireSamples : public testing::TestWithParam<WireSample> {};

INSTANTIATE_TEST_SUITE_P(Wire, WireSamples, testing::ValuesIn(wire_samples()),
                         [](const auto& sample) { return std::string(sample.param.name); });

TEST_P(WireSamples, EncodesToItsBytes) {
    EXPECT_EQ(encode_any(GetParam().spoken), GetParam().bytes);
}

TEST_P(WireSamples, DecodesFromItsBytes) {
    std::string_view bytes = GetParam().bytes;

    const auto frame = take_frame(bytes);

    ASSERT_TRUE(frame && *frame);
    EXPECT_TRUE(bytes.empty());
    const auto message = decode_any(**frame);
    ASSERT_TRUE(message) << message.error().message;
    EXPECT_EQ((Spoken{(*frame)->header.stream, *message}), GetParam().spoken);
}

TEST_P(WireSamples, AsksForMoreUntilItsLastByteIsThere) {
    const std::string_view whole = GetParam().bytes;

    for (std::size_t size = 0; size < whole.size(); ++size) {
        std::string_view part = whole.substr(0, size);
        const auto frame = take_frame(part);
        ASSERT_TRUE(frame) << frame.error().message;
        EXPECT_FALSE(*frame);
        EXPECT_EQ(part.size(), size);
        EXPECT_EQ(frame_size(part), size < kHeaderSize ? 0 : whole.size());
    }
}

TEST(Frame, SeveralInOnePieceComeInTheirOrder) {
    std::string sent;
    for (const WireSample& sample : wire_samples()) sent += sample.bytes;

    std::string_view left = sent;
    for (const WireSample& sample : wire_samples()) {
        const auto frame = take_frame(left);
        ASSERT_TRUE(frame && *frame);
        const auto message = decode_any(**frame);
        ASSERT_TRUE(message) << message.error().message;
        EXPECT_EQ((Spoken{(*frame)->header.stream, *message}), sample.spoken);
    }
    EXPECT_TRUE(left.empty());
}

struct ImpossibleHeader {
    std::string_view name;
    FrameHeader header;
};

class ImpossibleHeaders : public testing::TestWithParam<ImpossibleHeader> {};

INSTANTIATE_TEST_SUITE_P(
    Wire, ImpossibleHeaders,
    testing::Values(
        ImpossibleHeader{
            "too_long", {kMaxPayload + 1, FrameType::Request, 0, 1}
},
        ImpossibleHeader{"unknown_and_too_long", {kMaxPayload + 1, FrameType{99}, 0, 1}},
        ImpossibleHeader{"data_too_long", {kMaxData + 1, FrameType::Data, 0, 1}},
        ImpossibleHeader{"log_too_long", {kMaxLog + 1, FrameType::Log, 0, 1}},
        ImpossibleHeader{"drain_with_payload", {1, FrameType::Drain, 0, 0}},
        ImpossibleHeader{"drain_of_a_request", {0, FrameType::Drain, 0, 1}},
        ImpossibleHeader{"data_of_no_request", {1, FrameType::Data, 0, 0}},
        ImpossibleHeader{"file_without_descriptor", {16, FrameType::File, 0, 1}},
        ImpossibleHeader{"end_with_descriptor", {1, FrameType::End, 1, 1}},
        ImpossibleHeader{"unknown_flag", {1, FrameType::Data, 2, 1}}),
    [](const auto& impossible) { return std::string(impossible.param.name); });

TEST_P(ImpossibleHeaders, AreRefusedBeforeTheirPayloadIsWaitedFor) {
    std::string bytes;
    append_header(bytes, GetParam().header);

    std::string_view left = bytes;
    EXPECT_FALSE(take_frame(left));
}

}  // namespace bundle::wire
