#include "backend/python/application.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/backend_process.hpp"

namespace bundle {
namespace {

using testing::HasSubstr;
using Adjust = void (*)(AppConfig&, const TempDirectory&);

constexpr const char* kModule = R"(
class site:
    def app(environ, start_response):
        start_response("200 OK", [])
        return [b"nested"]

def make(greeting, loud=False):
    def made(environ, start_response):
        start_response("200 OK", [])
        return [(greeting.upper() if loud else greeting).encode()]
    return made

application = make("usual")
number = 5

class Asgi:
    async def __call__(self, scope, receive, send):
        pass
)";

std::string answer_of(Adjust adjust) {
    BackendProcess backend({.module = kModule, .adjust = adjust});
    const auto message = backend.told();
    if (message.type == wire::ControlType::Failed) return message.text;
    FakeLink worker = backend.front().accept();
    worker.introduction();
    return worker.get("/").body;
}

TEST(Application, IsFoundAsEachFormOfItsNameSays) {
    EXPECT_EQ(answer_of([](auto& app, auto&) { app.wsgi = "site_app"; }), "usual");
    EXPECT_EQ(answer_of([](auto& app, auto&) { app.wsgi = "site_app:site.app"; }), "nested");
    EXPECT_EQ(
        answer_of([](auto& app, auto&) { app.wsgi = "site_app:make('hi (you)', loud=True)"; }),
        "HI (YOU)");
}

TEST(Application, WhatIsWrongWithItsNameIsTold) {
    EXPECT_THAT(
        answer_of([](auto& app, auto&) { app.wsgi = "site_app:aplication"; }),
        HasSubstr("site_app has no attribute aplication; did you mean site_app:application?"));
    EXPECT_THAT(answer_of([](auto& app, auto&) { app.wsgi = "site_app:site.apps"; }),
                HasSubstr("site_app.site has no attribute apps"));
    EXPECT_THAT(answer_of([](auto& app, auto&) { app.wsgi = "site_app:number"; }),
                HasSubstr("it is of type int, which cannot be called"));
    EXPECT_THAT(answer_of([](auto& app, auto&) { app.wsgi = "site_app:Asgi()"; }),
                HasSubstr("it is an ASGI application, and only WSGI is served"));
    EXPECT_THAT(answer_of([](auto& app, auto&) { app.wsgi = "json"; }),
                HasSubstr(R"(json has neither "application" nor "app")"));
    EXPECT_THAT(answer_of([](auto& app, auto&) { app.wsgi = "site_app:make(open('/'))"; }),
                HasSubstr("must be literals"));
    EXPECT_THAT(answer_of([](auto& app, auto&) { app.wsgi = "site_app:make()"; }),
                HasSubstr("TypeError"));
}

TEST(Application, AFailedImportEndsWithItsTracebackAndStatusFour) {
    BackendProcess backend({.module = "raise RuntimeError('no database')"});

    const auto message = backend.told();

    EXPECT_EQ(message.type, wire::ControlType::Failed);
    EXPECT_EQ(message.count, 4U);
    EXPECT_THAT(message.text,
                HasSubstr("import path:\n  " + backend.directory().path().string() + "\n"));
    EXPECT_THAT(message.text, HasSubstr("site_app.py\", line 1"));
    EXPECT_TRUE(message.text.ends_with("RuntimeError: no database")) << message.text;
    EXPECT_EQ(backend.wait_for_exit(), 4);
}

TEST(Application, AnImportThatExitsIsAFailure) {
    BackendProcess backend({.module = "import sys; sys.exit(0)"});

    EXPECT_THAT(backend.told().text, HasSubstr("SystemExit: 0"));
    EXPECT_EQ(backend.wait_for_exit(), 4);
}

TEST(Application, AModuleThatIsNotThereIsNamed) {
    BackendProcess backend({.module = "", .adjust = [](AppConfig& app, const TempDirectory&) {
                                app.wsgi = "shp.wsgi";
                            }});

    EXPECT_THAT(backend.told().text, HasSubstr("No module named 'shp'"));
    EXPECT_EQ(backend.wait_for_exit(), 4);
}

}  // namespace
}  // namespace bundle
