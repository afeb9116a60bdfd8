#include "frontend/route/fixed_answer.hpp"

#include <gtest/gtest.h>

#include <string>

namespace bundle {

namespace {

RouteConfig route(const std::string& path, std::uint32_t returned, const std::string& body) {
    RouteConfig made;
    made.path = path;
    made.returned = returned;
    made.body = body;
    return made;
}

// "status; name: value; ...; body"
std::string told(const RouteConfig& config, const RedirectFacts& facts = {}) {
    const auto fixed = FixedAnswer::create(config).value();
    const Answer answer = fixed->to(facts);
    std::string text = std::to_string(answer.status);
    for (const HeaderField& field : answer.fields)
        text.append("; ").append(field.name).append(": ").append(field.value);
    return text.append("; ").append(answer.bytes);
}

}  // namespace

TEST(FixedAnswer, AReturnHasItsBodyAndAFittingType) {
    EXPECT_EQ(told(route("=/robots.txt", 200, "User-agent: *")),
              "200; Content-Length: 13; Content-Type: text/plain; charset=utf-8; User-agent: *");
    EXPECT_EQ(told(route("=/version.json", 200, "7")),
              "200; Content-Length: 1; Content-Type: application/json; 7");
    EXPECT_EQ(told(route("/down/", 503, "<h1>later</h1>")),
              "503; Content-Length: 14; Content-Type: text/html; charset=utf-8; <h1>later</h1>");
    EXPECT_EQ(told(route("=/api", 200, "{}")),
              "200; Content-Length: 2; Content-Type: application/json; {}");
    EXPECT_EQ(told(route("/v1.0/api/", 200, "[]")),
              "200; Content-Length: 2; Content-Type: application/json; []");
    EXPECT_EQ(told(route("=/ping", 200, "pong")),
              "200; Content-Length: 4; Content-Type: text/plain; charset=utf-8; pong");
}

TEST(FixedAnswer, AReturnWithoutABodyIsEmptyOrAnErrorPage) {
    EXPECT_EQ(told(route("=/ping", 200, "")), "200; Content-Length: 0; ");
    EXPECT_EQ(told(route("=/ping", 204, "")), "204; Content-Length: 0; ");
    EXPECT_EQ(told(route("=/gone", 410, "")), "410; ");
    EXPECT_TRUE(FixedAnswer::create(route("=/gone", 410, "")).value()->is_error_page());
    EXPECT_FALSE(FixedAnswer::create(route("=/gone", 410, "x")).value()->is_error_page());
}

TEST(FixedAnswer, OnlyA444ClosesTheConnection) {
    EXPECT_TRUE(FixedAnswer::create(route("/", 444, "")).value()->closes());
    EXPECT_FALSE(FixedAnswer::create(route("/", 404, "")).value()->closes());
}

TEST(FixedAnswer, ARedirectLeadsWhereItsTargetSays) {
    RouteConfig config = route("/old/", 0, "");
    config.redirect = "/new/$rest$query";
    config.status = 302;

    EXPECT_EQ(told(config, {.rest = "a b", .query = "x=1"}),
              "302; Location: /new/a%20b?x=1; Content-Length: 0; ");
}

TEST(FixedAnswer, ARouteWithoutEitherHasNone) {
    EXPECT_EQ(FixedAnswer::create(route("/", 0, "")).value(), nullptr);
}

}  // namespace bundle
