#include "backend/answer_writer.hpp"

#include <gmock/gmock.h>
#include <sys/socket.h>

#include "tests/backend/wsgi/wsgi_fixture.hpp"

namespace bundle {

using ::testing::ElementsAre;
using wire::FrameType;
using wire::Outcome;

class AnswerWriterTest : public ::testing::Test {
  protected:
    AnswerWriterTest() {
        need_python();
        writer_.begin(5);
    }

    static wire::AnswerHead ok() { return {200, "OK", {{"X-A", "1"}}}; }
    // What lies in the socket now, without waiting.
    std::string sent_so_far() {
        std::string bytes(65536, '\0');
        const ssize_t got =
            recv(front_.front_socket(), bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_PEEK);
        bytes.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
        return bytes;
    }

    FrontEnd front_;
    AnswerWriter writer_{front_.worker_socket()};
};

TEST_F(AnswerWriterTest, ASmallAnswerLeavesAtItsEnd) {
    ASSERT_TRUE(writer_.head(ok()));
    writer_.data("body");
    EXPECT_TRUE(writer_.head_written());
    EXPECT_EQ(sent_so_far(), "");

    const ReceivedAnswer answer = front_.during([&] { writer_.end(Outcome::Complete); });

    EXPECT_THAT(answer.frames, ElementsAre(FrameType::AnswerHead, FrameType::Data, FrameType::End));
    EXPECT_EQ(answer.body, "body");
}

TEST_F(AnswerWriterTest, FlushSendsWhatWasGathered) {
    ASSERT_TRUE(writer_.head(ok()));
    writer_.flush();

    EXPECT_NE(sent_so_far(), "");
}

TEST_F(AnswerWriterTest, LargeDataIsCutIntoEvenPieces) {
    std::string large(3 * wire::kMaxData + 5, 'x');

    const ReceivedAnswer answer = front_.during([&] {
        ASSERT_TRUE(writer_.head(ok()));
        writer_.data(large);
        writer_.end(Outcome::Complete);
    });

    EXPECT_EQ(answer.body, large);
    EXPECT_EQ(answer.frames.size(), 6U);
}

TEST_F(AnswerWriterTest, ManySmallPiecesDoNotPileUp) {
    const std::string piece(1000, 'x');

    const ReceivedAnswer answer = front_.during([&] {
        ASSERT_TRUE(writer_.head(ok()));
        for (int i = 0; i < 2000; ++i) writer_.data(piece);
        writer_.end(Outcome::Complete);
    });

    EXPECT_EQ(answer.body.size(), 2'000'000U);
}

TEST_F(AnswerWriterTest, AFileTravelsInTheOrderOfTheFrames) {
    const ReceivedAnswer answer = front_.during([&] {
        ASSERT_TRUE(writer_.head(ok()));
        writer_.data("before");
        writer_.file(unnamed_file("contents").get(), {2, 3});
        writer_.end(Outcome::Complete);
    });

    EXPECT_THAT(answer.frames, ElementsAre(FrameType::AnswerHead, FrameType::Data, FrameType::File,
                                           FrameType::End));
    EXPECT_EQ(answer.file->part, (wire::File{2, 3}));
    EXPECT_EQ(answer.file->bytes, "contents");
}

TEST_F(AnswerWriterTest, AFrontThatIsGoneBreaksIt) {
    front_.during(
        [&] {
            ASSERT_TRUE(writer_.head(ok()));
            writer_.flush();
        },
        [](const ReceivedAnswer&) { return true; });
    EXPECT_FALSE(writer_.broken());

    writer_.data("into the void");
    writer_.flush();

    EXPECT_TRUE(writer_.broken());
    writer_.data(std::string(1 << 20, 'x'));
    writer_.file(0, {0, 1});
    writer_.end(Outcome::Complete);
}

TEST_F(AnswerWriterTest, AHeadThatFitsNoFrameIsRefused) {
    const std::string huge(wire::kMaxPayload, 'x');

    EXPECT_FALSE(writer_.head({200, "OK", {{"X-Huge", huge}}}));
    EXPECT_FALSE(writer_.head_written());
}

TEST_F(AnswerWriterTest, EveryAnswerStartsAnew) {
    ASSERT_TRUE(writer_.head(ok()));
    writer_.begin(6);

    EXPECT_FALSE(writer_.head_written());
    const ReceivedAnswer answer = front_.during([&] { writer_.end(Outcome::Failed); });
    EXPECT_THAT(answer.frames, ElementsAre(FrameType::End));
}

}  // namespace bundle
