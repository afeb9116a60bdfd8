#include "backend/wsgi/call.hpp"

#include <gmock/gmock.h>
#include <unistd.h>

#include <array>

#include "tests/backend/wsgi/wsgi_fixture.hpp"

namespace bundle {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using wire::FrameType;
using wire::Outcome;

class CallTest : public WsgiTest {
  protected:
    // An application that answers 200 with these headers and returns `result`, an expression.
    ReceivedAnswer result(const std::string& expression, const std::string& headers = "",
                          const wire::Request& request = get()) {
        return serve("def app(environ, start_response):\n    respond(start_response, " + headers +
                         ")\n    return " + expression + "\n",
                     request);
    }
};

TEST_F(CallTest, AListIsMeasured) {
    EXPECT_EQ(result("[b'abc']").field("content-length"), "3");
    EXPECT_EQ(result("[b'abc', b'', b'de']").field("content-length"), "5");
    EXPECT_EQ(result("(b'abc',)").field("content-length"), "3");
    EXPECT_EQ(result("[]").field("content-length"), "0");
    EXPECT_EQ(result("[b'']").field("content-length"), "0");
    EXPECT_EQ(result("[b'abc']", "('Content-Length', '3')").fields.size(), 2U);
}

TEST_F(CallTest, AnIterableThatIsOneLongIsMeasuredByItsChunk) {
    const std::string one =
        "type('One', (), {'__len__': lambda s: 1, '__iter__': lambda s: iter([b'abc'])})()";

    EXPECT_EQ(result(one).field("content-length"), "3");
}

TEST_F(CallTest, AnIterableWithoutAChunkIsEmpty) {
    EXPECT_EQ(result("iter([])").field("content-length"), "0");
    EXPECT_EQ(result("iter([b'', b''])").field("content-length"), "0");
    EXPECT_EQ(result("iter([b'abc'])").field("content-length"), "(none)");
}

TEST_F(CallTest, ABodilessAnswerGetsNoLength) {
    for (const char* status : {"204 No Content", "304 Not Modified"}) {
        const ReceivedAnswer answer =
            serve("def app(environ, start_response):\n    respond(start_response, status='" +
                  std::string(status) + "')\n    return [b'not sent']\n");

        EXPECT_EQ(answer.field("content-length"), "(none)");
        EXPECT_EQ(answer.body, "");
        EXPECT_EQ(answer.outcome, Outcome::Complete);
    }
}

TEST_F(CallTest, HeadSendsTheHeadOnly) {
    const ReceivedAnswer whole = result("[b'abc']", "", head());
    EXPECT_EQ(whole.field("content-length"), "3");
    EXPECT_THAT(whole.frames, ElementsAre(FrameType::AnswerHead, FrameType::End));

    const ReceivedAnswer announced = result("[]", "('Content-Length', '300')", head());
    EXPECT_EQ(announced.field("content-length"), "300");
    EXPECT_EQ(announced.outcome, Outcome::Complete);

    // An application may save itself the body; that says nothing about its length.
    EXPECT_EQ(result("[]", "", head()).field("content-length"), "(none)");
    EXPECT_EQ(result("(b'x' * 10 for _ in range(3))", "", head()).body, "");
    EXPECT_EQ(log(), "");
}

TEST_F(CallTest, ALongerBodyThanItsLengthIsCut) {
    for (const char* body : {"[b'body', b'more']", "iter([b'body', b'more'])", "[b'bodymore']"}) {
        const ReceivedAnswer answer = result(body, "('Content-Length', '4')");

        EXPECT_EQ(answer.body, "body") << body;
        EXPECT_EQ(answer.outcome, Outcome::Complete);
        EXPECT_THAT(log(), HasSubstr("a body longer than its Content-Length of 4"));
    }
}

TEST_F(CallTest, AShorterBodyThanItsLengthIsAborted) {
    for (const char* body : {"[b'body']", "iter([b'bo', b'dy'])", "[]", "iter([])"}) {
        const ReceivedAnswer answer = result(body, "('Content-Length', '9')");

        EXPECT_EQ(answer.outcome, Outcome::Aborted) << body;
        EXPECT_THAT(
            log(), HasSubstr("where Content-Length says 9, the answer is aborted request_id=id-1"));
    }
}

TEST_F(CallTest, AMistakeAnywhereInAListIsACleanFailure) {
    const ReceivedAnswer answer = result("[b'fine', 'text']");

    EXPECT_THAT(answer.frames, ElementsAre(FrameType::End));
    EXPECT_EQ(answer.outcome, Outcome::Failed);
    EXPECT_THAT(log(), HasSubstr("the body must consist of bytes, not str"));
}

TEST_F(CallTest, WhatIsNoIterableOfBytesIsNamed) {
    for (const char* returned : {"'text'", "b'bytes'", "None"}) {
        EXPECT_EQ(result(returned).outcome, Outcome::Failed) << returned;
        EXPECT_THAT(log(), HasSubstr("it must return an iterable of bytes"));
    }
    EXPECT_EQ(result("42").outcome, Outcome::Failed);
    EXPECT_EQ(result("iter(['text'])").outcome, Outcome::Failed);
    EXPECT_EQ(result("iter([bytearray(b'x')])").outcome, Outcome::Failed);
}

TEST_F(CallTest, AChunkLeavesBeforeTheNextIsAskedFor) {
    std::array<int, 2> gate{};
    ASSERT_EQ(pipe(gate.data()), 0);
    const OwnedFd read_end(gate[0]);
    const OwnedFd write_end(gate[1]);
    load(
        "import select\ndef app(environ, start_response):\n    respond(start_response)\n    yield "
        "b'first'\n"
        "    assert select.select([" +
        std::to_string(read_end.get()) +
        "], [], [], 10)[0], 'the first chunk was held back'\n    yield b'second'\n");

    const ReceivedAnswer answer = serve(get(), {}, [&](const ReceivedAnswer& so_far) {
        if (so_far.body == "first") {
            EXPECT_EQ(::write(write_end.get(), "!", 1), 1);
        }
        return false;
    });

    EXPECT_EQ(answer.body, "firstsecond");
    EXPECT_EQ(answer.outcome, Outcome::Complete) << log();
}

TEST_F(CallTest, TheHeadWaitsForTheFirstBytes) {
    const ReceivedAnswer answer = serve(R"(
def app(environ, start_response):
    respond(start_response)
    yield b''
    raise RuntimeError('before the first byte')
)");

    EXPECT_THAT(answer.frames, ElementsAre(FrameType::End));
    EXPECT_EQ(answer.outcome, Outcome::Failed);
}

TEST_F(CallTest, CloseIsCalledOnceInEveryCase) {
    const std::string cases[] = {
        "Closing([b'abc'])",
        "Closing([])",
        "Closing([b'abc', 'text'])",
        "Closing(1 // 0 for _ in [0])",
        "Closing([b'longer than it says'])",
    };
    for (const wire::Request& request : {get(), head()}) {
        for (const std::string& one : cases) {
            result(one, "('Content-Length', '3')", request);
            EXPECT_EQ(evaluate("Closing.closed"), "1") << one;
            execute("Closing.closed = 0");
        }
    }
    serve("def app(environ, start_response): return Closing([b'start_response was not called'])");
    EXPECT_EQ(evaluate("Closing.closed"), "1");
}

TEST_F(CallTest, TheAnswerHasEndedWhenCloseIsCalled) {
    std::array<int, 2> gate{};
    ASSERT_EQ(pipe(gate.data()), 0);
    const OwnedFd read_end(gate[0]);
    const OwnedFd write_end(gate[1]);
    for (const char* length : {"", "('Content-Length', '4')"}) {
        load(
            "import select\nclass Slow(Closing):\n    def close(self):\n        assert "
            "select.select([" +
            std::to_string(read_end.get()) +
            "], [], [], 10)[0], 'the end was held back'\n        os.read(" +
            std::to_string(read_end.get()) +
            ", 1)\ndef app(environ, start_response):\n    respond(start_response, " + length +
            ")\n    return Slow([b'bo', b'dy'])\n");

        const ReceivedAnswer answer = serve(get(), {}, [&](const ReceivedAnswer& so_far) {
            if (so_far.outcome) {
                EXPECT_EQ(::write(write_end.get(), "!", 1), 1);
            }
            return false;
        });

        EXPECT_EQ(answer.body, "body");
        EXPECT_EQ(answer.outcome, Outcome::Complete);
        EXPECT_EQ(log(), "");
    }
}

TEST_F(CallTest, EmptyChunksBehindTheEndDoNotKeepTheWorker) {
    const ReceivedAnswer answer = serve(R"(
def app(environ, start_response):
    respond(start_response, ('Content-Length', '4'))
    yield b'body'
    while True: yield b''
)");

    EXPECT_EQ(answer.body, "body");
    EXPECT_EQ(answer.outcome, Outcome::Complete);
}

TEST_F(CallTest, NothingCanBeAddedInClose) {
    const ReceivedAnswer answer = serve(R"(
class Late(Closing):
    def close(self): self.write(b'more')
def app(environ, start_response):
    late = Late([b'body'])
    late.write = respond(start_response)
    return late
)");

    EXPECT_EQ(answer.body, "body");
    EXPECT_THAT(log(), HasSubstr("RuntimeError: the answer has ended"));
}

TEST_F(CallTest, AFailingCloseIsLoggedAndHarmsNothing) {
    const ReceivedAnswer answer = serve(R"(
class Bad(Closing):
    def close(self): raise OSError('in close')
def app(environ, start_response):
    respond(start_response)
    return Bad([b'body'])
)");

    EXPECT_EQ(answer.body, "body");
    EXPECT_EQ(answer.outcome, Outcome::Complete);
    EXPECT_THAT(log(), HasSubstr("application error in close() request_id=id-1"));
}

TEST_F(CallTest, AGeneratorIsClosedWhenTheFrontIsGone) {
    load(R"(
closed = 0
produced = 0
def app(environ, start_response):
    global closed, produced
    respond(start_response)
    try:
        while produced < 1000:
            produced += 1
            yield b'x' * 100000
    finally: closed += 1
)");

    serve(get(), {}, [](const ReceivedAnswer& so_far) { return so_far.has_head; });

    EXPECT_EQ(evaluate("(closed, produced < 1000)"), "(1, True)");
    EXPECT_THAT(log(), Not(HasSubstr("Traceback")));
}

TEST_F(CallTest, LargeBodiesArriveWhole) {
    execute("data = bytes(range(256)) * 20000");
    for (const char* body : {"[data]", "[data, data]", "iter([data, b'', data])",
                             "iter([data[i:i+999] for i in range(0, len(data), 999)])"}) {
        const ReceivedAnswer answer = result(body);

        ASSERT_EQ(answer.body.size() % 5'120'000, 0U) << body;
        bool same = !answer.body.empty();
        for (std::size_t i = 0; i < answer.body.size(); ++i)
            same = same && answer.body[i] == static_cast<char>(i % 256);
        EXPECT_TRUE(same) << body;
    }
}

TEST_F(CallTest, OtherThreadsRunWhileTheFrontIsSlow) {
    load(R"(
import threading
def app(environ, start_response):
    respond(start_response)
    ran = threading.Event()
    threading.Thread(target=ran.set).start()
    yield b'x' * 5000000
    assert ran.wait(10)
    yield b'done'
)");

    EXPECT_EQ(serve(get()).outcome, Outcome::Complete) << log();
}

}  // namespace bundle
