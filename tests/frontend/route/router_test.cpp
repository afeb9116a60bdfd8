#include "frontend/route/router.hpp"

#include <gmock/gmock.h>

#include "frontend/dispatch/queue_policy.hpp"
#include "frontend/files/file_root.hpp"
#include "frontend/route/fixed_answer.hpp"
#include "tests/support/temp_directory.hpp"

namespace bundle {

class RouterTest : public testing::Test {
  protected:
    // Two applications; a root and some routes, each of whose folders holds a file that tells its
    // name.
    Config config() {
        Config made;
        made.apps = {app("shop"), app("blog")};
        SiteConfig site;
        site.app = "shop";
        site.root = folder("root");
        site.index = {"index.html"};
        site.routes = {
            {.path = "/static/",       .directory = folder("static"), .app = ""    },
            {.path = "/static/admin/", .directory = folder("admin"),  .app = ""    },
            {.path = "/blog/",         .directory = "",               .app = "blog"},
            {.path = "=/blog/feed",    .directory = "",               .app = "shop"},
            {.path = "=/favicon.ico",  .directory = folder("icons"),  .app = ""    },
            {.path = "/slow/",         .directory = "",               .app = ""    },
        };
        made.sites = {site};
        return made;
    }

    static AppConfig app(const std::string& name) {
        AppConfig made;
        made.name = name;
        return made;
    }

    std::string folder(const std::string& name) {
        place_.write(name + "/" + name, "");
        return place_ / name;
    }

    // "folder file_path app"
    static std::string told(const std::optional<RouteMatch>& match) {
        if (!match) return "no site";
        std::string files = "-";
        for (const char* name : {"root", "static", "admin", "icons"})
            if (match->files &&
                match->files->find(std::string("/") + name).kind == FoundFile::Kind::File)
                files = name;
        if (match->files) files += " " + std::string(match->file_path);
        return files + " " + (match->app ? std::to_string(*match->app) : "-");
    }

    TempDirectory place_;
};

TEST_F(RouterTest, APathMeetsItsRoute) {
    const auto router = Router::create(config());
    ASSERT_TRUE(router) << router.error().message;

    const struct {
        const char* path;
        const char* expected;
    } table[] = {
        {"/",                   "root / 0"            },
        {"/cart",               "root /cart 0"        },
        {"/static/site.css",    "static /site.css -"  },
        {"/static/",            "static / -"          },
        {"/static",             "static  -"           },
        {"/staticx",            "root /staticx 0"     },
        {"/static/admin/a.css", "admin /a.css -"      },
        {"/static/administer",  "static /administer -"},
        {"/blog",               "- 1"                 },
        {"/blog/2026/",         "- 1"                 },
        {"/blog/feed",          "- 0"                 },
        {"/blog/feed/x",        "- 1"                 },
        {"/blogs",              "root /blogs 0"       },
        {"/favicon.ico",        "icons /favicon.ico -"},
        {"/favicon.ico/",       "root /favicon.ico/ 0"},
        {"/slow/report",        "root /slow/report 0" },
        {"*",                   "- 0"                 },
    };
    for (const auto& row : table)
        EXPECT_EQ(told(router->match("any.example", row.path)), row.expected) << row.path;
}

TEST_F(RouterTest, ARouteForEverythingLeavesNothingToTheSite) {
    Config made = config();
    made.sites[0].routes = {
        {.path = "/", .directory = "", .app = "blog"}
    };

    const auto router = Router::create(made);

    EXPECT_EQ(told(router->match("", "/cart")), "- 1");
    EXPECT_EQ(told(router->match("", "/")), "- 1");
}

TEST_F(RouterTest, AnInternalRouteIsThereForApplicationsOnly) {
    Config made = config();
    made.sites[0].routes[0].internal = true;
    made.sites[0].routes[3].internal = true;

    const auto router = Router::create(made);

    EXPECT_EQ(told(router->match("", "/static/site.css")), "- -");
    EXPECT_EQ(told(router->match("", "/static")), "- -");
    EXPECT_EQ(told(router->match("", "/blog/feed")), "- -");
    EXPECT_EQ(told(router->match("", "/blog/feed/x")), "- 1");
    EXPECT_EQ(told(router->match("", "/static/site.css", Asker::Application)),
              "static /site.css -");
    EXPECT_EQ(told(router->match("", "/blog/feed", Asker::Application)), "- 0");
}

TEST_F(RouterTest, ARouteSaysWhetherAnswersAreBuffered) {
    Config made = config();
    made.sites[0].routes[2].buffering = false;

    const auto router = Router::create(made);

    EXPECT_FALSE(router->match("", "/blog/events")->buffering);
    EXPECT_TRUE(router->match("", "/blog/feed")->buffering);
    EXPECT_TRUE(router->match("", "/cart")->buffering);
}

TEST_F(RouterTest, AFallbackIsTheAppAFileOrNothing) {
    Config made = config();
    made.sites[0].routes[0].fallback = "app";
    made.sites[0].routes[1].fallback = "/spa.html";
    const auto router = Router::create(made);
    made.sites[0].fallback = "404";
    const auto without_app = Router::create(made);

    EXPECT_EQ(told(router->match("", "/static/none")), "static /none 0");
    EXPECT_EQ(router->match("", "/static/admin/none")->fallback_file, "/spa.html");
    EXPECT_EQ(told(router->match("", "/static/admin/none")), "admin /none -");
    EXPECT_EQ(told(without_app->match("", "/cart")), "root /cart -");
    EXPECT_EQ(told(without_app->match("", "*")), "- 0") << "which no file could answer";
    EXPECT_EQ(told(without_app->match("", "/static/none")), "static /none 0");
}

TEST_F(RouterTest, ARouteMayMountItsAppOrTheSites) {
    Config made = config();
    made.sites[0].routes[2].mount = "/blog";
    made.sites[0].routes[5].mount = "/slow";

    const auto router = Router::create(made);

    EXPECT_EQ(router->match("", "/blog/x")->mount, "/blog");
    EXPECT_EQ(router->match("", "/blog")->mount, "/blog");
    EXPECT_EQ(router->match("", "/blog/feed")->mount, "");
    EXPECT_EQ(router->match("", "/slow/x")->mount, "/slow");
    EXPECT_EQ(told(router->match("", "/slow/x")), "root /slow/x 0");
    EXPECT_EQ(router->match("", "/cart")->mount, "");
}

TEST_F(RouterTest, ARedirectAndAReturnNeedNeitherFilesNorAnApp) {
    Config made = config();
    made.sites[0].routes.resize(2);
    made.sites[0].routes[0] = {
        .path = "/old/", .directory = "", .app = "", .redirect = "/new/$rest"};
    made.sites[0].routes[0].status = 308;
    made.sites[0].routes[1] = {.path = "*.php", .directory = "", .app = "", .returned = 410};

    const auto router = Router::create(made);
    const auto old = router->match("", "/old/a/b");
    const auto gone = router->match("", "/x/index.php");

    ASSERT_TRUE(old && old->fixed && gone && gone->fixed);
    EXPECT_EQ(told(old), "- -");
    EXPECT_EQ(old->rest, "a/b");
    EXPECT_EQ(old->fixed->to({.path = "/old/a/b", .rest = old->rest}).status, 308);
    EXPECT_EQ(gone->fixed->to({}).status, 410);
    EXPECT_EQ(router->match("", "/old")->rest, "");
    EXPECT_EQ(router->match("", "/old/")->rest, "");
    EXPECT_EQ(router->match("", "/cart")->fixed, nullptr);
}

TEST_F(RouterTest, AHostMeetsItsSite) {
    Config made = config();
    made.server.unknown_host = "close";
    made.sites[0].hosts = {"shop.example"};
    made.sites.push_back(made.sites[0]);
    made.sites[1].hosts = {"*.shop.example"};
    made.sites[1].app = "blog";

    const auto router = Router::create(made);

    EXPECT_EQ(told(router->match("shop.example:80", "/cart")), "root /cart 0");
    EXPECT_EQ(told(router->match("blog.shop.example", "/cart")), "root /cart 1");
    EXPECT_EQ(told(router->match("other.example", "/cart")), "no site");
}

TEST_F(RouterTest, ARouteSaysHowItsRequestsWait) {
    Config made = config();
    made.sites[0].routes[5].max_in_flight = 2;
    made.sites[0].routes[5].priority = Priority::Low;

    const auto router = Router::create(made);

    const auto slow = router->match("", "/slow/report");
    EXPECT_EQ(told(slow), "root /slow/report 0");
    ASSERT_NE(slow->queueing, nullptr);
    EXPECT_EQ(slow->queueing->max_in_flight, 2U);
    EXPECT_EQ(slow->queueing->priority, Priority::Low);
    EXPECT_EQ(router->match("", "/cart")->queueing, nullptr);
    EXPECT_EQ(router->match("", "/blog/feed")->queueing, nullptr);
}

TEST_F(RouterTest, WithoutASiteThereIsNoMatch) {
    Config made = config();
    made.sites.clear();

    EXPECT_EQ(told(Router::create(made)->match("", "/")), "no site");
}

TEST_F(RouterTest, AMatchOutlivesAMoveOfItsRouter) {
    auto router = Router::create(config());
    const auto match = router->match("", "/static/site.css");

    const Router moved = std::move(*router);

    EXPECT_EQ(told(match), "static /site.css -");
}

TEST_F(RouterTest, EveryProblemIsShownInOneRun) {
    Config made = config();
    made.sites[0].root = place_ / "none";
    made.sites[0].routes = {
        {.path = "/static/", .directory = place_ / "nowhere", .app = ""       },
        {.path = "/a/",      .directory = "",                 .app = "unknown"},
    };

    const auto router = Router::create(made);

    ASSERT_FALSE(router);
    EXPECT_EQ(router.error().message,
              "open the directory " + (place_ / "none").string() + ": No such file or directory\n" +
                  "open the directory " + (place_ / "nowhere").string() +
                  ": No such file or directory\n" + "there is no [app.unknown]");
}

}  // namespace bundle
