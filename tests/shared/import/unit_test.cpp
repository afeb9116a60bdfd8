#include "shared/import/unit.hpp"

#include "tests/shared/import/imported.hpp"

namespace bundle::imported {

namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* kWhole = R"({
    "listeners": { "*:8080": { "pass": "routes" } },
    "routes": [
        { "match": { "uri": "/static/*" }, "action": { "share": "/srv/shop$uri" } },
        { "match": { "uri": "/old" }, "action": { "return": 301, "location": "/new" } },
        { "match": { "host": "x" }, "action": { "return": 404 } },
        { "action": { "share": "/srv/public$uri", "fallback": { "pass": "applications/shop" } } }
    ],
    "applications": { "shop": {
        "type": "python 3.11", "path": "/srv/shop", "home": "/srv/venv", "module": "shop.wsgi", "callable": "app",
        "processes": { "max": 8, "spare": 2 }, "threads": 4, "environment": { "A": "1" }, "limits": { "timeout": 60, "requests": 900 },
        "isolation": {}
    } },
    "settings": { "http": { "max_body_size": 8388608, "idle_timeout": 90, "static": {} } },
    "access_log": "/var/log/unit.log"
})";

TEST(Unit, TheCommonPartsAreTaken) {
    Import out;
    const auto done = import_unit(kWhole, "unit.json", out);
    ASSERT_TRUE(done) << done.error().message;
    const Config made = config_of(out);
    const AppConfig& app = made.apps.at(0);
    const SiteConfig& site = made.sites.at(0);

    EXPECT_EQ(app.wsgi, "shop.wsgi:app");
    EXPECT_EQ(app.virtualenv, "/srv/venv");
    EXPECT_EQ(app.workers, WorkerRange(2, 8));
    EXPECT_EQ(app.threads, 4U);
    EXPECT_EQ(app.request_timeout, 60s);
    EXPECT_EQ(app.max_requests, 900U);
    EXPECT_EQ(made.http.max_body, 8_MiB);
    EXPECT_EQ(made.http.keepalive_timeout, 90s);
    EXPECT_EQ(made.listen.at(0).address, "0.0.0.0:8080");
    EXPECT_EQ(site.root, "/srv/public");
    EXPECT_EQ(site.app, "main");
    EXPECT_EQ(site.routes.at(0).directory, "/srv/shop/static");
    EXPECT_EQ(site.routes.at(1).redirect, "/new");
    EXPECT_EQ(made.log.access.path, "/var/log/unit.log");
    EXPECT_THAT(told_of(out, "routes[2]", Fate::NotTranslated), HasSubstr("hosts are for sites"));
    EXPECT_THAT(told_of(out, "applications/shop/isolation", Fate::NotTranslated),
                HasSubstr("nothing of the kind"));
    EXPECT_THAT(told_of(out, "settings/http/static", Fate::NotTranslated),
                HasSubstr("nothing of the kind"));
}

// Of routes on *:80 before the application "shop".
Import with_routes(const std::string& routes) {
    Import out;
    const auto done = import_unit(
        R"({"listeners": {"*:80": {"pass": "routes"}}, "applications": {"shop": {"type": "python",
        "module": "shop.wsgi"}}, "routes": )" +
            routes + "}",
        "unit.json", out);
    EXPECT_TRUE(done) << done.error().message;
    return out;
}

constexpr const char* kToShop = R"({"action": {"pass": "applications/shop"}}])";

const RouteConfig& route_of(const Config& config, const std::string& path) {
    const auto& routes = config.sites.at(0).routes;
    const auto found = std::ranges::find(routes, path, &RouteConfig::path);
    EXPECT_NE(found, routes.end()) << path;
    return found == routes.end() ? routes.at(0) : *found;
}

TEST(Unit, WhereThereIsNoFileTheFallbackAnswers) {
    const Import out = with_routes(
        R"([{"match": {"uri": "/static/*"}, "action": {"share": ["/a$uri", "/b$uri"], "index": "x.html",
        "types": ["image/*"], "chroot": "/a", "fallback": {"pass": "applications/shop"}}},)" +
        std::string(kToShop));

    EXPECT_EQ(route_of(config_of(out), "/static/").fallback, "app");
    std::string told;
    for (const Finding& finding : out.findings.all())
        if (finding.said.words.starts_with("routes[0]")) told += finding.word + "\n";
    EXPECT_THAT(told, HasSubstr("not in [\"/b$uri\"]"));
    EXPECT_THAT(told, HasSubstr("index is for a site's root"));
    EXPECT_THAT(told, HasSubstr("no types"));
    EXPECT_THAT(told, HasSubstr("symlinks"));
}

TEST(Unit, WhatIsRefusedToSomeAddressesStaysRefused) {
    const Config made = config_of(with_routes(
        R"([{"match": {"uri": "/admin/*", "source": "!10.0.0.0/8"}, "action": {"return": 403}},
            {"match": {"uri": "/admin/media/*"}, "action": {"share": "/srv$uri"}},
            {"match": {"uri": "/b/*", "source": ["192.0.2.0/24", "!192.0.2.1"]}, "action": {"return": 403}},)" +
        std::string(kToShop)));

    EXPECT_THAT(route_of(made, "/admin/").scope.allow, ElementsAre("10.0.0.0/8"));
    EXPECT_THAT(route_of(made, "/admin/media/").scope.allow, ElementsAre("10.0.0.0/8"));
    EXPECT_THAT(route_of(made, "/b/").scope.allow, ElementsAre("192.0.2.1", "*"));
    EXPECT_THAT(route_of(made, "/b/").scope.deny, ElementsAre("192.0.2.0/24"));
}

TEST(Unit, WhatCannotBeSaidOfARefusalClosesThePathForEverybody) {
    const Import out = with_routes(
        R"([{"match": {"uri": "/ops/*", "cookies": {"key": "!1"}}, "action": {"return": 403}},
            {"match": {"uri": "/a/*", "source": "10.0.0.1-10.0.0.9"}, "action": {"return": 403}},
            {"match": {"uri": "/two/*", "source": "!10.0.0.0/8"}, "action": {"return": 403}},
            {"match": {"uri": "/two/*", "source": "!10.1.0.0/16"}, "action": {"return": 403}},
            {"match": {"uri": "/ops/*"}, "action": {"pass": "applications/shop"}},)" +
        std::string(kToShop));
    const Config made = config_of(out);

    EXPECT_EQ(route_of(made, "/ops/").returned, 403U);
    EXPECT_EQ(route_of(made, "/a/").returned, 403U);
    EXPECT_THAT(route_of(made, "/two/").scope.deny, ElementsAre("*"));
    EXPECT_THAT(told_of(out, "routes[0]", Fate::NotTranslated), HasSubstr("nobody is let in"));
    EXPECT_THAT(told_of(out, "routes[3]", Fate::NotTranslated), HasSubstr("nobody is let in"));
    EXPECT_THAT(told_of(out, "routes[4]", Fate::NotNeeded), HasSubstr("a step before it"));
}

TEST(Unit, ARefusalThatHasNoRouteIsSaidToBeOpen) {
    const Import out = with_routes(
        R"([{"match": {"host": "x"}, "action": {"return": 403}},
            {"match": {"uri": "~^/x"}, "action": {"return": 403}},
            {"match": {"uri": "*.php"}, "action": {"return": 404}},
            {"match": {"uri": "/files/*"}, "action": {"share": "/srv$uri"}},)" +
        std::string(kToShop));

    EXPECT_THAT(told_of(out, "routes[0]", Fate::NotTranslated), HasSubstr("is open until"));
    EXPECT_THAT(told_of(out, "routes[2]", Fate::NotTranslated), HasSubstr("/files/ first"));
    std::string told;
    for (const Finding& finding : out.findings.all()) told += finding.word + "\n";
    EXPECT_THAT(told, HasSubstr("write a route for ~^/x; what it refuses is open"));
}

TEST(Unit, TheFirstStepForAPathIsTheOneThatCounts) {
    const Import out = with_routes(
        R"([{"match": {"uri": "/a/*"}, "action": {"return": 403}},
            {"match": {"uri": "/a/b/*"}, "action": {"pass": "applications/shop"}},)" +
        std::string(kToShop));

    EXPECT_EQ(config_of(out).sites.at(0).routes.size(), 1U);
    EXPECT_THAT(told_of(out, "routes[1]", Fate::NotNeeded), HasSubstr("answers /a/"));
}

TEST(Unit, AListenerThatLeadsElsewhereIsNotOpened) {
    Import out;
    const auto done = import_unit(
        R"({"listeners": {"*:80": {"pass": "applications/shop"}, "*:81": {"pass": "applications/php"}},
        "routes": {"old": [{"action": {"return": 404}}]},
        "applications": {"shop": {"type": "python 3", "module": "shop"}, "php": {"type": "php"}}})",
        "unit.json", out);

    ASSERT_TRUE(done) << done.error().message;
    const Config made = config_of(out);
    ASSERT_EQ(made.listen.size(), 1U);
    EXPECT_EQ(made.listen[0].address, "0.0.0.0:80");
    EXPECT_THAT(told_of(out, "listeners/*:81", Fate::NotTranslated), HasSubstr("not imported"));
    EXPECT_THAT(told_of(out, "routes/old[0]", Fate::NotTranslated), HasSubstr("no listener"));
}

TEST(Unit, OfEverythingThatStandsInItSomethingIsTold) {
    Import out;
    const auto done = import_unit(
        R"({"listeners": {"*:80": {"pass": "applications/a", "x": 1, "forwarded": {"client_ip": "X-Real-IP", "y": 1}}},
        "applications": {"a": {"type": "python 3", "module": "m", "callable": "c", "protocol": "wsgi", "path": [],
        "processes": {"max": 2, "idle_timeout": 20}, "limits": {}, "environment": {}, "stdout": "/x"}},
        "settings": {"js_module": "z", "http": {"log_route": true}}, "access_log": {"path": "/l", "if": "1"}, "z": null})",
        "unit.json", out);

    ASSERT_TRUE(done) << done.error().message;
    for (const char* where :
         {"listeners/*:80", "applications/a/type", "applications/a/module",
          "applications/a/callable", "applications/a/protocol", "applications/a/path",
          "applications/a/processes", "applications/a/limits", "applications/a/environment",
          "applications/a/stdout", "settings/js_module", "settings/http/log_route", "access_log",
          "z"})
        EXPECT_TRUE(std::ranges::any_of(out.findings.all(), [&](const Finding& finding) {
            return finding.said.words.starts_with(std::string(where) + " ");
        })) << where;
    EXPECT_EQ(config_of(out).trust.client_ip_header, "x-real-ip");
}

TEST(Unit, AMistakeHasItsPlace) {
    Import out;
    EXPECT_THAT(import_unit("{\n  \"a\": }", "unit.json", out).error().message,
                HasSubstr("unit.json: parse error at line 2, column 8"));
    EXPECT_THAT(import_unit("[]", "unit.json", out).error().message,
                HasSubstr("expected an object"));
    EXPECT_THAT(import_unit("{}", "unit.json", out).error().message,
                HasSubstr("neither a Python application nor a route"));
}

}  // namespace

}  // namespace bundle::imported
