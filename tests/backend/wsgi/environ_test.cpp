#include "backend/wsgi/environ.hpp"

#include <gmock/gmock.h>

#include "tests/backend/wsgi/wsgi_fixture.hpp"

namespace bundle {

using ::testing::StartsWith;

// What the application was told, asked with evaluate("e[...]").
class EnvironTest : public WsgiTest {
  protected:
    void tell(const wire::Request& request) {
        const ReceivedAnswer answer = WsgiTest::serve(R"(
def app(environ, start_response):
    global e
    e = dict(environ)
    start_response('204 No Content', [])
    return []
)",
                                                      request);
        ASSERT_EQ(answer.status, 204) << log();
    }
};

TEST_F(EnvironTest, TellsTheRequestLineAndTheServer) {
    wire::Request request = get("/cart/a b");
    request.target = "/cart/a%20b?x=%20";
    request.query = "x=%20";

    tell(request);

    EXPECT_EQ(
        evaluate("[e[k] for k in ('REQUEST_METHOD', 'SCRIPT_NAME', 'PATH_INFO', 'QUERY_STRING')]"),
        "['GET', '', '/cart/a b', 'x=%20']");
    EXPECT_EQ(evaluate("[e[k] for k in ('REQUEST_URI', 'RAW_URI')]"),
              "['/cart/a%20b?x=%20', '/cart/a%20b?x=%20']");
    EXPECT_EQ(evaluate("[e[k] for k in ('SERVER_NAME', 'SERVER_PORT', 'SERVER_PROTOCOL')]"),
              "['shop.example', '80', 'HTTP/1.1']");
    EXPECT_EQ(evaluate("[e[k] for k in ('REMOTE_ADDR', 'REMOTE_PORT')]"), "['192.0.2.1', '40000']");
    EXPECT_THAT(evaluate("e['SERVER_SOFTWARE']"), StartsWith("'bundle/"));
}

TEST_F(EnvironTest, HasTheKeysOfPep3333WithTheirTypes) {
    facts_ = {.multithread = true, .multiprocess = false};

    tell(get());

    EXPECT_EQ(evaluate("(e['wsgi.version'], e['wsgi.url_scheme'], e['wsgi.run_once'], "
                       "e['wsgi.input_terminated'])"),
              "((1, 0), 'http', False, True)");
    EXPECT_EQ(evaluate("(e['wsgi.multithread'], e['wsgi.multiprocess'])"), "(True, False)");
    EXPECT_EQ(evaluate("callable(e['wsgi.file_wrapper'])"), "True");
    EXPECT_EQ(evaluate("[k for k, v in e.items() if '.' not in k and type(v) is not str]"), "[]");
    EXPECT_EQ(evaluate("'HTTPS' in e"), "False");
}

TEST_F(EnvironTest, TellsOurOwnFacts) {
    wire::Request request = get();
    request.queued = wire::Moment::clock::now() - std::chrono::seconds(2);
    request.deadline = wire::Moment::clock::now() + std::chrono::seconds(30);

    tell(request);

    EXPECT_EQ(evaluate("e['bundle.request_id']"), "'id-1'");
    EXPECT_EQ(evaluate("2 <= e['bundle.queue_time'] < 30"), "True");
    EXPECT_EQ(evaluate("0 < e['bundle.deadline'] - __import__('time').monotonic() <= 30"), "True");
}

TEST_F(EnvironTest, ARequestWithoutADeadlineHasNone) {
    tell(get());

    EXPECT_EQ(evaluate("e['bundle.deadline']"), "None");
}

TEST_F(EnvironTest, TheMountIsTheScriptNameAndNoPartOfThePath) {
    wire::Request request = get("/shop/cart");
    request.mount = "/shop";
    tell(request);
    EXPECT_EQ(evaluate("(e['SCRIPT_NAME'], e['PATH_INFO'])"), "('/shop', '/cart')");

    request.path = "/shop";
    tell(request);
    EXPECT_EQ(evaluate("(e['SCRIPT_NAME'], e['PATH_INFO'])"), "('/shop', '')");
}

TEST_F(EnvironTest, NativeStringsAreLatin1OfTheBytes) {
    wire::Request request = get("/caf\xc3\xa9");
    request.fields.push_back({"x-name", "J\xfcrgen"});

    tell(request);

    EXPECT_EQ(evaluate("e['PATH_INFO'].encode('latin-1').decode()"), "'/café'");
    EXPECT_EQ(evaluate("e['HTTP_X_NAME']"), "'Jürgen'");
}

TEST_F(EnvironTest, FieldsGetTheirCgiNames) {
    wire::Request request = get();
    request.fields = {
        {"x-request-id",   "abc"      },
        {"content-type",   "text/html"},
        {"content-length", "0"        }
    };

    tell(request);

    EXPECT_EQ(evaluate("(e['HTTP_X_REQUEST_ID'], e['CONTENT_TYPE'], e['CONTENT_LENGTH'])"),
              "('abc', 'text/html', '0')");
    EXPECT_EQ(evaluate("[k for k in e if k.startswith('HTTP_CONTENT')]"), "[]");
}

TEST_F(EnvironTest, RepeatedFieldsAreJoined) {
    wire::Request request = get();
    request.fields = {
        {"accept", "a"  },
        {"cookie", "x=1"},
        {"accept", "b"  },
        {"cookie", "y=2"},
        {"accept", "b"  }
    };

    tell(request);

    EXPECT_EQ(evaluate("(e['HTTP_ACCEPT'], e['HTTP_COOKIE'])"), "('a,b,b', 'x=1; y=2')");
}

TEST_F(EnvironTest, EqualOneLetterValuesAreJoinedToo) {
    wire::Request request = get();
    request.fields = {
        {"x-a", "1"},
        {"x-a", "1"},
        {"x-b", "" },
        {"x-b", "" }
    };

    tell(request);

    EXPECT_EQ(evaluate("(e['HTTP_X_A'], e['HTTP_X_B'])"), "('1,1', ',')");
}

TEST_F(EnvironTest, TheLengthIsOfWhatArrived) {
    wire::Request request = post("12345");
    request.fields.push_back({"content-length", "99"});
    tell(request);
    EXPECT_EQ(evaluate("e['CONTENT_LENGTH']"), "'5'");

    tell(post("123"));  // sent in chunks, so no field says its length
    EXPECT_EQ(evaluate("e['CONTENT_LENGTH']"), "'3'");

    tell(get());
    EXPECT_EQ(evaluate("'CONTENT_LENGTH' in e"), "False");
}

TEST_F(EnvironTest, WhatTlsAgreedOnHasTheNamesOfModSsl) {
    wire::Request request = get();
    request.tls = {
        {"SSL_PROTOCOL", "TLSv1.3"},
        {"SSL_TLS_SNI",  ""       }
    };
    tell(request);
    EXPECT_EQ(evaluate("(e['SSL_PROTOCOL'], e['SSL_TLS_SNI'])"), "('TLSv1.3', '')");

    request.tls = {
        {"SSL_CIPHER", "AES"}
    };
    tell(request);
    EXPECT_EQ(evaluate("(e['SSL_CIPHER'], 'SSL_PROTOCOL' in e)"), "('AES', False)");
}

TEST_F(EnvironTest, NothingOfOneRequestIsLeftInTheNext) {
    wire::Request request = post("secret");
    request.scheme = "https";
    request.tls = {
        {"SSL_PROTOCOL", "TLSv1.3"}
    };
    request.deadline = wire::Moment::clock::now();
    request.fields.push_back({"cookie", "session=1"});
    tell(request);
    EXPECT_EQ(evaluate("(e['HTTPS'], e['wsgi.url_scheme'], e['HTTP_COOKIE'])"),
              "('on', 'https', 'session=1')");

    tell(get());

    EXPECT_EQ(
        evaluate(
            "{'HTTPS', 'SSL_PROTOCOL', 'HTTP_COOKIE', 'CONTENT_TYPE', 'CONTENT_LENGTH'} & set(e)"),
        "set()");
    EXPECT_EQ(evaluate("(e['wsgi.url_scheme'], e['bundle.deadline'])"), "('http', None)");
}

TEST_F(EnvironTest, WhatAnApplicationChangesIsItsOwn) {
    load(
        "def app(environ, start_response):\n"
        "    environ['wsgi.run_once'] = 'changed'; environ['x'] = 1\n"
        "    start_response('200 OK', []); return []");
    ASSERT_EQ(serve(get()).status, 200);

    tell(get());

    EXPECT_EQ(evaluate("(e['wsgi.run_once'], 'x' in e)"), "(False, False)");
}

TEST_F(EnvironTest, AProxyFieldCannotBecomeTheProxyOfTheApplication) {
    wire::Request request = get();
    request.fields.push_back({"proxy", "http://evil.example"});

    tell(request);

    EXPECT_EQ(evaluate("'HTTP_PROXY' in e"), "False");
}

TEST_F(EnvironTest, TheServerHasANameAndAPortOnAUnixSocketToo) {
    wire::Request request = get();
    request.server_name = request.server_port = request.remote_addr = request.remote_port = "";
    request.scheme = "https";

    tell(request);

    EXPECT_EQ(evaluate("(e['SERVER_NAME'], e['SERVER_PORT'], e['REMOTE_ADDR'])"),
              "('localhost', '443', '')");
}

}  // namespace bundle
