#include "backend/wsgi/start_response.hpp"

#include <gmock/gmock.h>

#include <atomic>

#include "tests/backend/wsgi/wsgi_fixture.hpp"

namespace bundle {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;
using wire::FrameType;
using wire::Outcome;

class StartResponseTest : public WsgiTest {
  protected:
    // start_response(<arguments>) in an application that then returns b'body'.
    ReceivedAnswer start(const std::string& arguments) {
        return serve("def app(environ, start_response):\n    start_response(" + arguments +
                     ")\n    return [b'body']\n");
    }
};

TEST_F(StartResponseTest, StatusAndFieldsArriveAsTheyWereGiven) {
    const ReceivedAnswer answer =
        start("'299 Fine \\xe9', [('X-A', '1'), ('x-b', ''), ('X-A', '\\xfc ber')]");

    EXPECT_EQ(answer.status, 299);
    EXPECT_EQ(answer.reason, "Fine \xe9");
    EXPECT_THAT(answer.fields, ElementsAre(Pair("X-A", "1"), Pair("x-b", ""),
                                           Pair("X-A", "\xfc ber"), Pair("Content-Length", "4")));
}

TEST_F(StartResponseTest, AReasonMayBeEmpty) { EXPECT_EQ(start("'200 ', []").status, 200); }

TEST_F(StartResponseTest, WhatIsNoStatusIsRefusedWithAReason) {
    for (const char* status :
         {"'200'", "'20 OK'", "'2000 OK'", "'abc OK'", "'200OK'", "''", "' 200 OK'"}) {
        EXPECT_EQ(start(std::string(status) + ", []").outcome, Outcome::Failed) << status;
        EXPECT_THAT(log(), HasSubstr("the status must be three digits, a space and a reason"))
            << status;
    }
    EXPECT_EQ(start("'200 O\\nK', []").outcome, Outcome::Failed);
    EXPECT_THAT(log(), HasSubstr("the status has a control character: '200 O\\nK'"));
    EXPECT_EQ(start("b'200 OK', []").outcome, Outcome::Failed);
    EXPECT_THAT(log(), HasSubstr("the status must be a str, not bytes"));
    EXPECT_EQ(start("200, []").outcome, Outcome::Failed);
    EXPECT_THAT(log(), HasSubstr("the status must be a str, not int"));
    EXPECT_EQ(start("'200 \\u20ac', []").outcome, Outcome::Failed);
    EXPECT_THAT(log(), HasSubstr("a character above U+00FF"));
}

TEST_F(StartResponseTest, AnInterimStatusIsNoAnswer) {
    for (const char* status : {"'100 Continue'", "'101 Switching Protocols'", "'099 X'"})
        EXPECT_EQ(start(std::string(status) + ", []").outcome, Outcome::Failed) << status;
    EXPECT_THAT(log(), HasSubstr("the status of an answer is 200 or above"));
}

struct BadHeaders {
    const char* headers;
    const char* complaint;
};

TEST_F(StartResponseTest, BadHeadersAreRefusedWithTheMistakesName) {
    const BadHeaders bad[] = {
        {"(('A', 'b'),)",                                      "the headers must be a list, not tuple"                          },
        {"{'A': 'b'}",                                         "the headers must be a list, not dict"                           },
        {"None",                                               "the headers must be a list, not NoneType"                       },
        {"[['A', 'b']]",                                       "each header must be a tuple (name, value), not list: ['A', 'b']"},
        {"[('A', 'b', 'c')]",                                  "each header must be a tuple"                                    },
        {"['A: b']",                                           "each header must be a tuple (name, value), not str"             },
        {"[(b'A', 'b')]",                                      "a header's name must be a str, not bytes: b'A'"                 },
        {"[('A', b'b')]",                                      "a header's value must be a str, not bytes: b'b'"                },
        {"[('Content-Length', 4)]",                            "a header's value must be a str, not int: 4"                     },
        {"[('A', None)]",                                      "a header's value must be a str, not NoneType"                   },
        {"[('', 'b')]",                                        "not a header name: ''"                                          },
        {"[('A:', 'b')]",                                      "not a header name: 'A:'"                                        },
        {"[('A B', 'b')]",                                     "not a header name"                                              },
        {"[('A\\r\\nSet-Cookie', 'b')]",                       "not a header name"                                              },
        {"[('\\xc4', 'b')]",                                   "not a header name"                                              },
        {"[('A', 'b\\r\\nSet-Cookie: c')]",                    "a control character in the header ('A', "                       },
        {"[('A', 'b\\n')]",                                    "a control character in the header"                              },
        {"[('A', '\\0')]",                                     "a control character in the header"                              },
        {"[('A', 'b\\tc')]",                                   "a control character in the header"                              },
        {"[('A', '\\x7f')]",                                   "a control character in the header"                              },
        {"[('A', '\\u20ac')]",                                 "a header's value has a character above U+00FF"                  },
        {"[('Content-Length', '-1')]",                         "Content-Length must be one number, not '-1'"                    },
        {"[('Content-Length', '+4')]",                         "Content-Length must be one number"                              },
        {"[('Content-Length', '4 ')]",                         "Content-Length must be one number"                              },
        {"[('Content-Length', '')]",                           "Content-Length must be one number"                              },
        {"[('Content-Length', '99999999999999999999999')]",    "Content-Length must be one number"                              },
        {"[('Content-Length', '4'), ('content-length', '4')]", "Content-Length must be one number"                              },
    };
    for (const BadHeaders& one : bad) {
        const ReceivedAnswer answer = start(std::string("'200 OK', ") + one.headers);

        EXPECT_THAT(answer.frames, ElementsAre(FrameType::End)) << one.headers;
        EXPECT_EQ(answer.outcome, Outcome::Failed) << one.headers;
        EXPECT_THAT(log(), HasSubstr(one.complaint)) << one.headers;
    }
}

TEST_F(StartResponseTest, HopByHopHeadersAreTheServers) {
    for (const char* name : {"Proxy-Authenticate", "Proxy-Authorization", "TE", "Trailers",
                             "Trailer", "transfer-encoding", "UPGRADE"})
        EXPECT_EQ(start("'200 OK', [('" + std::string(name) + "', 'x')]").outcome, Outcome::Failed)
            << name;
    EXPECT_THAT(
        log(),
        HasSubstr("'UPGRADE' is a hop-by-hop header, which is the server's to send (PEP 3333)"));
}

TEST_F(StartResponseTest, WhatIsSaidOfTheConnectionIsLeftOutAndToldOnce) {
    for (const char* name : {"Connection", "Keep-Alive", "Proxy-Connection"}) {
        const ReceivedAnswer answer = start("'200 OK', [('" + std::string(name) + "', 'x')]");
        EXPECT_EQ(answer.outcome, Outcome::Complete) << name;
        EXPECT_EQ(answer.status, 200) << name;
    }
}

TEST_F(StartResponseTest, ChangingTheListAfterwardsChangesNothing) {
    const ReceivedAnswer answer = serve(R"(
def app(environ, start_response):
    headers = [('X-A', '1')]
    start_response('200 OK', headers)
    headers[:] = [('X-Evil', 'a\r\nb')] * 50
    return [b'body']
)");

    EXPECT_EQ(answer.field("x-a"), "1");
    EXPECT_EQ(answer.field("x-evil"), "(none)");
}

TEST_F(StartResponseTest, TheArgumentsMayBeNamedButNotInvented) {
    EXPECT_EQ(start("'200 OK', headers=[], exc_info=None").status, 200);
    EXPECT_EQ(start("status='200 OK', headers=[]").status, 200);
    for (const char* arguments :
         {"", "'200 OK'", "'200 OK', [], None, 1", "'200 OK', [], headers=[]", "'200 OK', [], x=1"})
        EXPECT_EQ(start(arguments).outcome, Outcome::Failed) << arguments;
}

TEST_F(StartResponseTest, ASecondCallNeedsExcInfo) {
    serve(R"(
def app(environ, start_response):
    start_response('200 OK', [])
    start_response('500 No', [])
)");

    EXPECT_THAT(
        log(),
        HasSubstr("AssertionError: start_response() was called a second time without exc_info"));
}

TEST_F(StartResponseTest, ExcInfoReplacesAHeadThatIsNotOutYet) {
    const ReceivedAnswer answer = serve(R"(
def app(environ, start_response):
    start_response('200 OK', [('X-Old', '1'), ('Content-Length', '999')])
    yield b''
    try: raise ValueError('x')
    except ValueError: start_response('503 Sorry', [('X-New', '1')], sys.exc_info())
    yield b'sorry'
)");

    EXPECT_EQ(answer.status, 503);
    EXPECT_THAT(answer.fields, ElementsAre(Pair("X-New", "1")));
    EXPECT_EQ(answer.body, "sorry");
    EXPECT_EQ(answer.outcome, Outcome::Complete);
}

TEST_F(StartResponseTest, ExcInfoIsRaisedAgainWhenTheHeadIsOut) {
    const ReceivedAnswer answer = serve(R"(
def breaks(): raise ValueError('the original')
def app(environ, start_response):
    start_response('200 OK', [])
    yield b'begun'
    try: breaks()
    except ValueError: start_response('500 No', [], sys.exc_info())
    yield b'never'
)");

    EXPECT_EQ(answer.body, "begun");
    EXPECT_EQ(answer.outcome, Outcome::Aborted);
    EXPECT_THAT(log(), HasSubstr("ValueError: the original"));
    EXPECT_THAT(log(), HasSubstr("in breaks"));
}

TEST_F(StartResponseTest, ExcInfoOfTheFirstCallIsFine) {
    EXPECT_EQ(start("'500 Oops', [], (ValueError, ValueError('x'), None)").status, 500);
    EXPECT_EQ(start("'500 Oops', [], 'no tuple'").outcome, Outcome::Failed);
    EXPECT_EQ(start("'500 Oops', [], (None, None, None)").outcome, Outcome::Failed);
    EXPECT_THAT(log(), HasSubstr("exc_info must be what sys.exc_info() gave"));
}

TEST_F(StartResponseTest, WriteSendsTheHeadAndItsBytesBeforeWhatIsReturned) {
    const ReceivedAnswer answer = serve(R"(
def app(environ, start_response):
    write = respond(start_response)
    assert write(b'written,') is None
    write(b'')
    return [b'returned']
)");

    EXPECT_EQ(answer.body, "written,returned");
    EXPECT_EQ(answer.field("content-length"), "(none)");
    EXPECT_THAT(answer.frames, ElementsAre(FrameType::AnswerHead, FrameType::Data, FrameType::Data,
                                           FrameType::End));
}

TEST_F(StartResponseTest, WriteTakesBytesOnly) {
    serve("def app(environ, start_response): respond(start_response)('text')");
    EXPECT_THAT(log(), HasSubstr("TypeError: the body must consist of bytes, not str"));
    serve("def app(environ, start_response): respond(start_response)()");
    EXPECT_THAT(log(), HasSubstr("TypeError: write() takes one argument: bytes"));
}

TEST_F(StartResponseTest, WritingPastTheContentLengthRaises) {
    const ReceivedAnswer answer = serve(R"(
def app(environ, start_response):
    respond(start_response, ('Content-Length', '4'))(b'body and more')
    return []
)");

    EXPECT_EQ(answer.body, "body");
    EXPECT_EQ(answer.outcome, Outcome::Aborted);
    EXPECT_THAT(log(), HasSubstr("ValueError: write() past the Content-Length"));
}

TEST_F(StartResponseTest, NobodyElseCanMakeOne) {
    serve(
        "seen = []\ndef app(environ, start_response):\n"
        "    seen[:] = [type(start_response), type(respond(start_response))]\n    return []");

    EXPECT_THAT(evaluate("seen[0]()"), HasSubstr("cannot create"));
    EXPECT_THAT(evaluate("seen[1]()"), HasSubstr("cannot create"));
    EXPECT_THAT(evaluate("object.__new__(seen[0])"), HasSubstr("is not safe"));
}

// ---- bundle.extend_deadline ----

class ExtendDeadlineTest : public WsgiTest {
  protected:
    ExtendDeadlineTest() { facts_.deadline_place = &place_; }
    // An application that runs `code` first; the request has half a minute.
    ReceivedAnswer run(const std::string& code) {
        wire::Request request = get();
        request.deadline = deadline_;
        return serve(
            "import time\nkept = []\ndef app(environ, start_response):\n"
            "    extend = environ['bundle.extend_deadline']\n    " +
                code +
                "\n    global deadline\n    deadline = environ['bundle.deadline']\n"
                "    start_response('200 OK', [])\n    return [b'']\n",
            request);
    }

    const wire::Moment deadline_ = wire::Moment::clock::now() + std::chrono::seconds(30);
    std::atomic<std::int64_t> place_ = 0;
};

TEST_F(ExtendDeadlineTest, TellsTheFrontAtOnceAndTheArbiterAndTheEnviron) {
    const ReceivedAnswer answer = run("assert extend(60.5) is None");

    EXPECT_EQ(answer.frames.front(), FrameType::ExtendDeadline);
    EXPECT_EQ(evaluate("60 < deadline - time.monotonic() <= 60.5"), "True");
    const wire::Moment shown{std::chrono::nanoseconds(place_)};
    EXPECT_GT(shown, deadline_ + std::chrono::seconds(29));
}

TEST_F(ExtendDeadlineTest, ShortensNothing) {
    const ReceivedAnswer answer = run("extend(5)");

    EXPECT_THAT(answer.frames, ElementsAre(FrameType::AnswerHead, FrameType::End));
    EXPECT_EQ(evaluate("29 < deadline - time.monotonic() <= 30"), "True");
    EXPECT_EQ(place_, 0);
}

TEST_F(ExtendDeadlineTest, TakesSecondsOfADayAtMost) {
    for (const char* wrong :
         {"0", "-1", "86401", "float('nan')", "float('inf')", "10**400", "'5'", "None", ""}) {
        EXPECT_EQ(run(std::string("extend(") + wrong + ")").outcome, Outcome::Failed) << wrong;
        EXPECT_EQ(place_, 0) << wrong;
    }
    EXPECT_THAT(log(), HasSubstr("ValueError: extend_deadline() takes seconds from now: more than "
                                 "0, at most 86400"));
}

TEST_F(ExtendDeadlineTest, IsOneCallableForAllRequestsUntilAnApplicationKeepsIt) {
    load(
        "kept = []\nids = []\ndef app(environ, start_response):\n"
        "    ids.append(id(environ['bundle.extend_deadline']))\n"
        "    if environ['PATH_INFO'] == '/keep': kept.append(environ['bundle.extend_deadline'])\n"
        "    start_response('200 OK', [])\n    return [b'']\n");

    for (const char* path : {"/", "/", "/keep", "/"}) serve(get(path));

    EXPECT_EQ(evaluate("(ids[0] == ids[1] == ids[2], ids[3] == ids[2])"), "(True, False)");
    execute("try:\n    kept[0](60)\nexcept RuntimeError as error:\n    said = str(error)\n");
    EXPECT_EQ(evaluate("said"), "'the request that this belonged to is over'");
}

}  // namespace bundle
