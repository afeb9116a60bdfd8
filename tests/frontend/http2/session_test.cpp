#include "frontend/http2/session.hpp"

#include <gtest/gtest.h>

#include "tests/support/recorded_session.hpp"

namespace bundle::http2 {

namespace {

// As a client writes them.
std::string frame(char type, char flags, unsigned stream, std::string_view payload = {}) {
    const auto byte = [](std::size_t value) { return static_cast<char>(value & 0xffU); };
    std::string bytes = {byte(payload.size() >> 16U),
                         byte(payload.size() >> 8U),
                         byte(payload.size()),
                         type,
                         flags,
                         byte(stream >> 24U),
                         byte(stream >> 16U),
                         byte(stream >> 8U),
                         byte(stream)};
    return bytes.append(payload);
}

constexpr char kData = 0;
constexpr char kHeaders = 1;
constexpr char kReset = 3;
constexpr char kSettings = 4;
constexpr char kPing = 6;
constexpr char kEndStream = 1;
constexpr char kEndHeaders = 4;

const std::string kBeginning = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frame(kSettings, 0, 0);
constexpr std::string_view kGet = "\x82\x86\x84\x41\x0ctest.example";
constexpr std::string_view kPost = "\x83\x86\x84\x41\x0ctest.example";

}  // namespace

TEST(Http2Session, ARequestIsReadByteByByteAndWhole) {
    for (const std::size_t part : {1U, 1000U}) {
        RecordedSession recorded;
        recorded.read(kBeginning + frame(kHeaders, kEndHeaders | kEndStream, 1, kGet), part);

        EXPECT_EQ(recorded.only_stream().request.path, "/");
        EXPECT_FALSE(recorded.only_stream().has_body);
        EXPECT_EQ(recorded.heads_complete, 1U);
    }
}

TEST(Http2Session, AnAnswerIsWrittenAndEndsItsStream) {
    RecordedSession recorded("the body");
    recorded.read(kBeginning + frame(kHeaders, kEndHeaders | kEndStream, 1, kGet));
    recorded.write();

    EXPECT_TRUE(recorded.only_stream().written);
    EXPECT_TRUE(recorded.only_stream().closed);
    EXPECT_TRUE(recorded.out.ends_with(frame(kData, kEndStream, 1, "the body")));
}

TEST(Http2Session, AnAnswerWithoutABodyIsItsHead) {
    RecordedSession recorded;
    recorded.read(kBeginning + frame(kHeaders, kEndHeaders | kEndStream, 1, kGet));
    recorded.write();

    EXPECT_TRUE(recorded.only_stream().closed);
}

TEST(Http2Session, ABodyIsHandedOverAsItComes) {
    RecordedSession recorded;
    recorded.read(kBeginning + frame(kHeaders, kEndHeaders, 1, kPost) + frame(kData, 0, 1, "ab"));
    EXPECT_EQ(recorded.only_stream().body, "ab");
    EXPECT_FALSE(recorded.only_stream().answered);

    recorded.read(frame(kData, kEndStream, 1, "c"));
    EXPECT_EQ(recorded.only_stream().body, "abc");
    EXPECT_TRUE(recorded.only_stream().answered);
}

TEST(Http2Session, NoMoreIsGatheredThanOneWriteOfTls) {
    RecordedSession recorded(std::string(60000, 'x'));
    recorded.read(kBeginning + frame(kHeaders, kEndHeaders | kEndStream, 1, kGet) +
                  frame(kHeaders, kEndHeaders | kEndStream, 3, "\x82\x86\x84\xbe"));
    std::string out;
    recorded.session.write(out);

    EXPECT_LE(out.size(), Session::kMostAtOnce);
    EXPECT_GT(out.size(), Session::kMostAtOnce / 2);
    EXPECT_TRUE(recorded.session.wants_to_write());
}

TEST(Http2Session, TooManyResetsAreALimitThatWasMet) {
    RecordedSession recorded;
    recorded.read(kBeginning);
    for (unsigned stream = 1; stream < 500; stream += 2)
        recorded.read(frame(kHeaders, kEndHeaders, stream, kPost) +
                      frame(kReset, 0, stream, std::string_view("\0\0\0\x08", 4)));
    recorded.write();

    EXPECT_EQ(recorded.session.limit_met(), Limit::Http2Resets);
    EXPECT_TRUE(recorded.session.is_over());
    EXPECT_LE(recorded.streams.size(), 202U);
}

TEST(Http2Session, StreamsThatAreRefusedCountBeforeAnythingIsWritten) {
    RecordedSession recorded;
    recorded.read(kBeginning);
    for (unsigned stream = 1; stream < 800; stream += 2)
        recorded.read(frame(kHeaders, kEndHeaders, stream, kPost));

    EXPECT_EQ(recorded.session.limit_met(), Limit::Http2Resets);
    EXPECT_EQ(recorded.streams.size(), 100U);
    recorded.write();
    EXPECT_TRUE(recorded.session.is_over());
}

TEST(Http2Session, WhatWaitsToBeWrittenHasALimitOfItsOwn) {
    RecordedSession recorded("", 100'000);
    recorded.read(kBeginning);
    unsigned stream = 1;
    for (; stream < 1800; stream += 2) recorded.read(frame(kHeaders, kEndHeaders, stream, kPost));
    EXPECT_TRUE(recorded.session.queue_is_long());
    EXPECT_EQ(recorded.session.limit_met(), Limit::None);

    for (; stream < 2800; stream += 2) recorded.read(frame(kHeaders, kEndHeaders, stream, kPost));
    EXPECT_EQ(recorded.session.limit_met(), Limit::Http2ControlFrames);
}

TEST(Http2Session, HeadersForAStreamThatIsGoneCount) {
    RecordedSession recorded;
    recorded.read(kBeginning + frame(kHeaders, kEndHeaders | kEndStream, 1, kGet));
    recorded.write();
    for (int i = 0; i < 1100; ++i) recorded.read(frame(kHeaders, kEndHeaders, 1, kGet));

    EXPECT_EQ(recorded.session.limit_met(), Limit::Http2ControlFrames);
}

TEST(Http2Session, WhatNghttp2TakesForAFloodIsALimitThatWasMet) {
    RecordedSession recorded;
    recorded.read(kBeginning);
    // More of them are allowed for, but nothing is written.
    for (unsigned stream = 1; stream < 200; stream += 2)
        recorded.read(frame(kHeaders, kEndHeaders | kEndStream, stream, kGet));
    for (int i = 0; i < 1100; ++i) recorded.read(frame(kPing, 0, 0, "12345678"));

    EXPECT_EQ(recorded.session.limit_met(), Limit::Http2ControlFrames);
    EXPECT_FALSE(recorded.session.is_over());
    recorded.write();
    EXPECT_TRUE(recorded.session.is_over());
    EXPECT_NE(recorded.out.find(std::string_view("\x07\0\0\0\0\0", 6)), std::string::npos);
}

TEST(Http2Session, TheEndIsHeardWhenItsPingComesBack) {
    RecordedSession recorded;
    recorded.read(kBeginning);
    recorded.session.announce_end();
    recorded.write();
    EXPECT_FALSE(recorded.end_was_heard);

    recorded.read(frame(kPing, 1, 0, std::string(8, '\0')));
    EXPECT_TRUE(recorded.end_was_heard);
    recorded.session.end_after_last();
    recorded.write();
    EXPECT_TRUE(recorded.session.is_over());
}

TEST(Http2Session, WhatIsNoHttp2IsAFault) {
    RecordedSession recorded;
    recorded.read("GET / HTTP/1.1\r\n\r\n");

    EXPECT_TRUE(recorded.session.is_over());
    EXPECT_NE(recorded.session.fault(), "");
}

TEST(Http2Session, FramesThatAreOnlyPassedOverCountAsWell) {
    constexpr char kUnknown = 0x42;
    for (const std::size_t part : {1U, 1000U}) {
        RecordedSession recorded;
        recorded.read(kBeginning, part);
        for (int i = 0; i < 999; ++i) recorded.read(frame(kUnknown, 0, 0, "x"), part);
        EXPECT_EQ(recorded.session.limit_met(), Limit::None);

        recorded.read(frame(kUnknown, 0, 0), part);
        EXPECT_EQ(recorded.session.limit_met(), Limit::Http2ControlFrames);
    }
}

TEST(Http2Session, ItGoesOnWhereItFellAsleep) {
    RecordedSession recorded("the body");
    recorded.read(kBeginning + frame(kHeaders, kEndHeaders | kEndStream, 1, kGet));
    recorded.write();
    const std::size_t before = recorded.out.size();

    recorded.session.sleep();
    recorded.session.sleep();
    // Its authority lies in the table since the first request.
    recorded.read(frame(kHeaders, kEndHeaders | kEndStream, 3, "\x82\x86\x84\xbe"));
    recorded.write();

    ASSERT_EQ(recorded.streams.size(), 2U);
    EXPECT_EQ(recorded.streams[1]->request.host, "test.example");
    EXPECT_TRUE(recorded.streams[1]->closed);
    EXPECT_GT(recorded.out.size(), before);
}

TEST(Http2Session, WhoeverAcknowledgesOurSettingsIsKnownToHaveDoneSo) {
    constexpr char kAck = 1;
    RecordedSession recorded;
    recorded.read(kBeginning);
    recorded.write();
    EXPECT_FALSE(recorded.session.settings_acknowledged());

    recorded.read(frame(kSettings, kAck, 0));
    EXPECT_TRUE(recorded.session.settings_acknowledged());
}

}  // namespace bundle::http2
