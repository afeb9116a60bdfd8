#include "backend/dev/development.hpp"

#include <gmock/gmock.h>

#include "shared/wire/source_reports.hpp"
#include "tests/backend/wsgi/wsgi_fixture.hpp"
#include "tests/support/temp_directory.hpp"

namespace bundle {

using testing::HasSubstr;
using testing::Not;

namespace {

constexpr const char* kFails = R"(
def app(environ, start_response):
    start_response('200 OK', [('Content-Length', '3')])
    raise KeyError('<b>' + environ['QUERY_STRING'])
)";

class DevelopmentTest : public WsgiTest {
  protected:
    void SetUp() override {
        WsgiTest::SetUp();
        config_.dev = {.reload = true, .watch = {}, .tracebacks = true};
        config_.server.run_directory = directory_.path();
        auto begun = Development::begin(config_);
        ASSERT_TRUE(begun) << begun.error().message;
        development_ = std::move(*begun);
        facts_.traceback_page = development_.traceback_page();
    }
    ReceivedAnswer ask(const char* accept, const char* code = kFails) {
        wire::Request request = get("/cart");
        request.fields.push_back({"accept", accept});
        return serve(code, request);
    }

    TempDirectory directory_;
    Config config_;
    Development development_;
};

}  // namespace

TEST_F(DevelopmentTest, ABrowserIsShownTheTraceback) {
    const ReceivedAnswer answer = ask("text/html,application/xhtml+xml,*/*;q=0.8");

    EXPECT_EQ(answer.status, 500);
    EXPECT_EQ(answer.outcome, wire::Outcome::Complete);
    EXPECT_EQ(answer.field("content-type"), "text/html; charset=utf-8");
    EXPECT_EQ(answer.field("cache-control"), "no-store");
    EXPECT_EQ(answer.field("content-length"), std::to_string(answer.body.size()));
    EXPECT_THAT(answer.body, HasSubstr("Traceback (most recent call last)"));
    EXPECT_THAT(answer.body, HasSubstr("<h1>KeyError: &#x27;&lt;b&gt;"));
    EXPECT_THAT(answer.body, Not(HasSubstr("<b>"))) << "what comes from a client is no HTML";
    EXPECT_THAT(log(), HasSubstr("KeyError")) << "the log has it as well";
}

TEST_F(DevelopmentTest, AProgramIsToldItInItsOwnForm) {
    const ReceivedAnswer json = ask("application/json");
    EXPECT_EQ(json.field("content-type"), "application/json");
    EXPECT_THAT(json.body, HasSubstr("\"traceback\": [\"Traceback (most recent"));

    const ReceivedAnswer text = ask("*/*");
    EXPECT_EQ(text.field("content-type"), "text/plain; charset=utf-8");
    EXPECT_THAT(text.body, HasSubstr("\nKeyError: '<b>"));
}

TEST_F(DevelopmentTest, WhenTheHeadIsOutTheAnswerIsBrokenOffAsEver) {
    const ReceivedAnswer answer = ask("text/html", R"(
def app(environ, start_response):
    start_response('200 OK', [])
    yield b'half'
    raise KeyError('late')
)");

    EXPECT_EQ(answer.body, "half");
    EXPECT_EQ(answer.outcome, wire::Outcome::Aborted);
}

TEST_F(DevelopmentTest, WithoutItNobodyIsShownAnything) {
    facts_.traceback_page = Development::begin(Config())->traceback_page();

    const ReceivedAnswer answer = ask("text/html");

    EXPECT_EQ(answer.outcome, wire::Outcome::Failed);
    EXPECT_EQ(answer.body, "");
}

TEST_F(DevelopmentTest, WhatCannotBeLoadedHasAStandIn) {
    AppConfig app;
    app.wsgi = "there_is_no_such_module:app";

    const auto loaded = development_.load(app);

    ASSERT_TRUE(loaded) << loaded.error().message;
    EXPECT_TRUE(PyCallable_Check(loaded->ptr()));
    EXPECT_THAT(log(), HasSubstr("cannot be loaded"));
    EXPECT_FALSE(Development::begin(Config())->load(app));
}

TEST_F(DevelopmentTest, TheMasterHearsOnceWhereModulesLie) {
    const auto socket = wire::open_source_reports(directory_ / wire::kSourceReportsName);
    ASSERT_TRUE(socket);
    directory_.write("lib/dev_test_part.py", "");
    development_.tell_sources();
    while (!wire::hear_source_report(socket->get()).empty()) {
    }

    execute("import sys\nsys.path.insert(0, '" + (directory_ / "lib").native() +
            "')\nimport dev_test_part");
    development_.tell_sources();

    EXPECT_THAT(wire::hear_source_report(socket->get()),
                HasSubstr((directory_ / "lib").native() + "\n"));
    development_.tell_sources();
    EXPECT_EQ(wire::hear_source_report(socket->get()), "");
}

}  // namespace bundle
