#include "shared/import/unit.hpp"

#include "tests/shared/import/imported.hpp"

namespace bundle::imported {

namespace {

using namespace std::chrono_literals;
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
