// Large answers, which are compressed beside the loop while everything else goes on.
#include "tests/frontend/client/connection_fixture.hpp"
#include "tests/support/decompression.hpp"

namespace bundle {

namespace {

constexpr std::size_t kPiece = 64U << 10;  // of data, as it comes from a worker

std::string lines(std::size_t size) {
    std::string text;
    for (std::uint64_t number = 0; text.size() < size; ++number)
        text += std::to_string(number * 7919) + " ";
    text.resize(size);
    return text;
}

// Of an answer in chunks, as much as has arrived.
std::string body_of(std::string_view answer) {
    std::string body;
    for (auto line = answer.find("\r\n\r\n") + 2; line != std::string_view::npos;) {
        answer.remove_prefix(std::min(answer.size(), line + 2));
        line = answer.find("\r\n");
        if (line == std::string_view::npos) break;
        const std::size_t size = std::stoul(std::string(answer.substr(0, line)), nullptr, 16);
        answer.remove_prefix(line + 2);
        body.append(answer.substr(0, size));
        if (size == 0 || answer.size() <= size) break;
        line = size;
    }
    return body;
}

class LargeAnswerTest : public ConnectionTest {
  protected:
    // A request of `client` that a worker has got.
    AnswerSink& asked_by(TestClient& asking) {
        const std::size_t before = connections_.size();
        asking.send(
            "GET / HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\nConnection: close\r\n\r\n");
        run_until("the client", [&] { return connections_.size() > before; });
        stream_given_to(worker);
        return *connections_.back();
    }
    static void begin(AnswerSink& sink, const std::string& length = "") {
        Headers fields = {
            {"Content-Type", "text/plain"}
        };
        if (!length.empty()) fields.push_back({"Content-Length", length});
        sink.answer_head({200, "OK", fields});
    }
    static void give(AnswerSink& sink, std::string_view text) {
        for (; !text.empty(); text.remove_prefix(std::min(kPiece, text.size())))
            sink.answer_data(text.substr(0, kPiece));
        sink.answer_flush();
    }

    FakeWorker worker = new_worker();
    TestClient client = new_client();
};

}  // namespace

TEST_F(LargeAnswerTest, ArrivesWholeAndInItsOrder) {
    const std::string text = lines(3U << 20);
    AnswerSink& sink = asked_by(client);

    begin(sink, std::to_string(text.size()));
    give(sink, text);
    sink.answer_end(wire::Outcome::Complete);
    sink.answer_flush();
    read_to_end(client);

    EXPECT_TRUE(client.ended);
    EXPECT_TRUE(client.has("Content-Encoding: gzip"));
    EXPECT_EQ(plain(body_of(client.received), Coding::Gzip), text);
    EXPECT_TRUE(context_->compression_thread);
}

TEST_F(LargeAnswerTest, OfWhichNobodyKnewTheLengthArrivesWholeToo) {
    const std::string text = lines(3U << 20);
    AnswerSink& sink = asked_by(client);

    begin(sink);
    for (std::size_t at = 0; at < text.size(); at += 300'000) {
        give(sink, text.substr(at, 300'000));
        turn();
        client.receive();
    }
    sink.answer_end(wire::Outcome::Complete);
    sink.answer_flush();
    read_to_end(client);

    EXPECT_EQ(plain(body_of(client.received), Coding::Gzip), text);
}

TEST_F(LargeAnswerTest, WhatWasYieldedCanBeReadBeforeMoreComes) {
    const std::string text = lines(1U << 20);
    AnswerSink& sink = asked_by(client);

    begin(sink);
    give(sink, text);
    run_until("all that was yielded", [&] {
        client.receive();
        return client.has("\r\n\r\n") && plain(body_of(client.received), Coding::Gzip) == text;
    });

    sink.answer_end(wire::Outcome::Complete);
    sink.answer_flush();
    read_to_end(client);
    EXPECT_EQ(plain(body_of(client.received), Coding::Gzip), text);
}

TEST_F(LargeAnswerTest, OthersAreAnsweredMeanwhile) {
    AnswerSink& sink = asked_by(client);
    begin(sink, "100000000");
    give(sink, lines(2U << 20));
    TestClient other = new_client();
    other.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");

    FakeWorker second = new_worker();
    stream_given_to(second);
    AnswerSink& of_other = *connections_.back();
    of_other.answer_head({200, "OK", {}});
    of_other.answer_data("at once");
    of_other.answer_end(wire::Outcome::Complete);
    of_other.answer_flush();
    read_until(other, "at once");
}

TEST_F(LargeAnswerTest, ItsWorkerWaitsWhileMuchIsNotCompressedYet) {
    AnswerSink& sink = asked_by(client);
    begin(sink, "100000000");

    give(sink, lines(1U << 20));
    EXPECT_TRUE(sink.answer_full());
    run_until("room for more", [&] {
        client.receive();
        return !sink.answer_full();
    });
}

TEST_F(LargeAnswerTest, AClientThatLeavesMeanwhileCostsNothing) {
    AnswerSink& sink = asked_by(client);
    begin(sink, "100000000");
    give(sink, lines(1U << 20));

    client.reset();
    run_until("the end of the connection", [&] { return connections_.empty(); });
    run_until("the end of its job", [&] { return context_->compression_thread->is_idle(); });
}

TEST_F(LargeAnswerTest, ThatIsBrokenOffMeanwhileIsNoWholeOne) {
    AnswerSink& sink = asked_by(client);
    begin(sink, "100000000");
    give(sink, lines(1U << 20));

    sink.answer_end(wire::Outcome::Aborted);
    read_to_end(client);

    EXPECT_TRUE(client.broken);
}

TEST_F(LargeAnswerTest, ThatFallsShortOfItsLengthIsBrokenOff) {
    AnswerSink& sink = asked_by(client);
    begin(sink, "100000000");
    give(sink, lines(1U << 20));

    sink.answer_end(wire::Outcome::Complete);
    read_to_end(client);

    EXPECT_TRUE(client.broken);
}

TEST_F(LargeAnswerTest, TheFrontMayEndMeanwhile) {
    AnswerSink& sink = asked_by(client);
    begin(sink, "100000000");
    give(sink, lines(4U << 20));

    EXPECT_FALSE(context_->compression_thread->is_idle());
}

}  // namespace bundle
