#include "backend/wsgi/gateway.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <limits>

#include "tests/backend/wsgi/wsgi_fixture.hpp"

namespace bundle {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using wire::FrameType;
using wire::Outcome;

using GatewayTest = WsgiTest;

constexpr const char* kHello = R"(
def app(environ, start_response):
    start_response('200 OK', [('Content-Type', 'text/plain')])
    return [b'Hello, ', b'World!']
)";

TEST_F(GatewayTest, AHelloIsAHeadItsBodyAndACompleteEnd) {
    const ReceivedAnswer answer = serve(kHello);

    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.reason, "OK");
    EXPECT_EQ(answer.field("content-type"), "text/plain");
    EXPECT_EQ(answer.body, "Hello, World!");
    EXPECT_EQ(answer.outcome, Outcome::Complete);
    EXPECT_EQ(log(), "");
}

TEST_F(GatewayTest, WhatCannotBeCalledIsRefused) {
    const Result<Gateway> gateway = Gateway::create(Py_None, {});

    ASSERT_FALSE(gateway);
    EXPECT_THAT(gateway.error().message, HasSubstr("NoneType"));
}

TEST_F(GatewayTest, AnErrorBeforeTheHeadIsAFailureWithATracebackInTheLog) {
    const ReceivedAnswer answer = serve(R"(
def fails(): raise KeyError('stock\n2026-01-01T00:00:00.000Z error forged')
def app(environ, start_response):
    start_response('200 OK', [])
    fails()
)",
                                        get("/cart"));

    EXPECT_THAT(answer.frames, ElementsAre(FrameType::End));
    EXPECT_EQ(answer.outcome, Outcome::Failed);
    EXPECT_THAT(
        log(),
        HasSubstr(
            "application error request_id=id-1 method=\"GET\" path=\"/cart\"\n    Traceback"));
    EXPECT_THAT(log(), HasSubstr("in fails"));
    EXPECT_THAT(log(), HasSubstr("KeyError"));
}

TEST_F(GatewayTest, AnExceptionCannotForgeALineOfTheLog) {
    serve(
        "def app(environ, start_response): raise ValueError(environ['QUERY_STRING'] + '\\nforged "
        "\\x1b[2J')");

    EXPECT_THAT(log(), Not(HasSubstr("\nforged")));
    EXPECT_THAT(log(), HasSubstr("\n    forged \\x1b[2J"));
}

TEST_F(GatewayTest, AnErrorAfterTheHeadAbortsTheAnswer) {
    const ReceivedAnswer answer = serve(R"(
def app(environ, start_response):
    start_response('200 OK', [])
    yield b'first'
    raise RuntimeError('in the middle')
)");

    EXPECT_EQ(answer.body, "first");
    EXPECT_EQ(answer.outcome, Outcome::Aborted);
    EXPECT_THAT(log(), HasSubstr("RuntimeError: in the middle"));
}

TEST_F(GatewayTest, ExitsAndInterruptsEndTheRequestOnly) {
    for (const char* code : {"sys.exit(3)", "raise KeyboardInterrupt", "raise GeneratorExit"}) {
        const ReceivedAnswer answer =
            serve(std::string("def app(environ, start_response): ") + code);

        EXPECT_EQ(answer.outcome, Outcome::Failed) << code;
    }
    EXPECT_EQ(serve(kHello).status, 200);
}

TEST_F(GatewayTest, TheApplicationThatNeverCallsStartResponseFails) {
    EXPECT_EQ(serve("def app(environ, start_response): return [b'body']").outcome, Outcome::Failed);
    EXPECT_EQ(serve("def app(environ, start_response): return []").outcome, Outcome::Failed);
    EXPECT_EQ(serve("def app(environ, start_response): return iter([])").outcome, Outcome::Failed);
    EXPECT_THAT(log(), HasSubstr("before start_response() was called"));
}

TEST_F(GatewayTest, WhatTheApplicationKeepsIsOfNoUseAfterTheRequest) {
    static constexpr std::string_view kBody = "body";
    serve(R"(
kept = []
def app(environ, start_response):
    kept[:] = [environ['wsgi.input'], start_response, start_response('200 OK', [])]
    return [b'ok']
def attempt(what):
    try: return what()
    except Exception as error: return f'{type(error).__name__}: {error}'
)",
          post(kBody));

    EXPECT_THAT(evaluate("attempt(lambda: kept[0].read())"),
                HasSubstr("ValueError: wsgi.input is closed"));
    EXPECT_THAT(evaluate("attempt(lambda: kept[1]('200 OK', []))"),
                HasSubstr("RuntimeError: the request"));
    EXPECT_THAT(evaluate("attempt(lambda: kept[2](b''))"), HasSubstr("RuntimeError: the request"));
}

TEST_F(GatewayTest, PassesTheValidatorOfWsgiref) {
    const std::string code = R"(
import warnings; warnings.simplefilter('error')
bodies = []
def tested(environ, start_response):
    stream = environ['wsgi.input']
    bodies.append(stream.read(2) + stream.readline() + b''.join(stream) + stream.read(-1))
    environ['wsgi.errors'].write('said\n'); environ['wsgi.errors'].flush()
    write = start_response('200 OK', [('Content-Type', 'text/plain'), ('Content-Length', '6')])
    path = environ['PATH_INFO']
    if environ['REQUEST_METHOD'] == 'HEAD': return []
    if path == '/write': write(b'abc'); return [b'def']
    if path == '/file': return environ['wsgi.file_wrapper'](io.BytesIO(b'abcdef'))
    if path == '/generator': return (chunk for chunk in (b'', b'abc', b'', b'def'))
    return [b'abcdef']
app = validator(tested)
)";
    for (const char* path : {"/", "/write", "/file", "/generator"}) {
        for (const wire::Request& request :
             {get(path), head(path), post("one\ntwo\nthree", path)}) {
            const ReceivedAnswer answer = serve(code, request);

            EXPECT_EQ(answer.outcome, Outcome::Complete) << request.method << path << log();
            EXPECT_EQ(answer.body, request.method == "HEAD" ? "" : "abcdef")
                << request.method << path;
        }
        EXPECT_EQ(evaluate("bodies[-1]"), "b'one\\ntwo\\nthree'");
    }
    EXPECT_THAT(log(), Not(HasSubstr("error in")));
    EXPECT_THAT(log(), Not(HasSubstr("Traceback")));
}

TEST_F(GatewayTest, AnApplicationMayBeAnObjectOrAGenerator) {
    EXPECT_EQ(serve(R"(
class App:
    def __init__(self, environ, start_response): self.start = start_response
    def __iter__(self):
        self.start('202 Accepted', [])
        yield b'object'
app = App
)")
                  .status,
              202);
    EXPECT_EQ(serve("def app(environ, start_response):\n    start_response('201 Created', [])\n    "
                    "yield b'x'")
                  .status,
              201);
}

TEST_F(GatewayTest, NothingIsLeftOfARequest) {
    const std::string code = R"(
import gc
def app(environ, start_response):
    path = environ['PATH_INFO']
    if path == '/error': raise ValueError(path)
    if path == '/status': start_response('oops', [])
    environ['wsgi.input'].readline(); environ['wsgi.errors'].write('x')
    write = respond(start_response)
    if path == '/write': write(b'written')
    if path == '/file': return environ['wsgi.file_wrapper'](open('/dev/null', 'rb'))
    if path == '/list': return [b'body']
    if path == '/short': return iter([b'text', 'text'])
    return (chunk for chunk in (b'one', b'two'))
def settled():
    gc.collect()
    sys._clear_type_cache()  # it holds on to names
    return sys.getallocatedblocks()
)";
    load(code);
    const char* paths[] = {"/error", "/status", "/write", "/file", "/list", "/short", "/generator"};
    FrontEnd front;
    AnswerWriter writer(front.worker_socket());
    const auto serve_all = [&](int times) {
        for (int i = 0; i < times; ++i)
            for (const char* path : paths)
                front.during([&] { gateway().serve(post("one\ntwo", path), {}, writer); });
    };
    serve_all(3);

    // CPython's own caches fill up now and then; what a request leaves behind shows in every round.
    long least_growth = std::numeric_limits<long>::max();
    for (int round = 0; round < 5; ++round) {
        const long before = std::stol(evaluate("settled()"));
        serve_all(20);
        least_growth = std::min(least_growth, std::stol(evaluate("settled()")) - before);
    }
    EXPECT_LT(least_growth, 20);
}

}  // namespace bundle
