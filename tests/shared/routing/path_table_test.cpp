#include "shared/routing/path_table.hpp"

#include <gtest/gtest.h>

#include <string>

namespace bundle {

namespace {

const std::vector<std::string> kPaths = {
    "/",     "=/",          "/static/", "/static/admin/", "=/static/",        "*.php",
    "/blog", "=/blog/feed", "/a b/",    "/%41/",          "/blog/2026/11/27/"};

std::vector<RouteConfig> routes_for(const std::vector<std::string>& paths) {
    std::vector<RouteConfig> routes;
    for (const std::string& path : paths) routes.emplace_back().path = path;
    return routes;
}

// The path of the route, and what of a prefix's path follows it.
std::string told(const std::vector<std::string>& paths, std::string_view path) {
    const PathMatch match = PathTable(routes_for(paths)).find(path);
    if (!match.route) return "none";
    std::string text = paths[*match.route];
    if (match.kind == RoutePath::Kind::Prefix)
        text += " + " + std::string(path.substr(match.prefix_size));
    return text;
}

}  // namespace

TEST(PathTable, AnExactPathComesFirstThenTheLongestPrefix) {
    const struct {
        const char* path;
        const char* expected;
    } table[] = {
        {"/",                      "=/"                        },
        {"/x",                     "/ + /x"                    },
        {"/static",                "/static/ + "               },
        {"/static/",               "=/static/"                 },
        {"/static/a.css",          "/static/ + /a.css"         },
        {"/staticx",               "/ + /staticx"              },
        {"/static/admin",          "/static/admin/ + "         },
        {"/static/admin/",         "/static/admin/ + /"        },
        {"/static/administer",     "/static/ + /administer"    },
        {"/static/admin/x/y",      "/static/admin/ + /x/y"     },
        {"/blog/feed",             "=/blog/feed"               },
        {"/blog/feed/",            "/blog + /feed/"            },
        {"/blog/2026/11/27",       "/blog/2026/11/27/ + "      },
        {"/blog/2026/11/28",       "/blog + /2026/11/28"       },
        {"/blog/2026/11/27/x/y/z", "/blog/2026/11/27/ + /x/y/z"},
        {"/a b/c",                 "/a b/ + /c"                },
        {"/%41/",                  "/%41/ + /"                 },
        {"/A/",                    "/ + /A/"                   },
        {"/Static/a.css",          "/ + /Static/a.css"         },
        {"/index.php",             "/ + /index.php"            },
        {"*",                      "none"                      },
    };
    for (const auto& row : table) EXPECT_EQ(told(kPaths, row.path), row.expected) << row.path;
}

TEST(PathTable, PatternsComeLastInTheOrderOfTheFile) {
    const std::vector<std::string> paths = {"/static/", "*.php", "index.*", "=/about.php"};

    EXPECT_EQ(told(paths, "/index.php"), "*.php");
    EXPECT_EQ(told(paths, "/index.html"), "index.*");
    EXPECT_EQ(told(paths, "/static/index.php"), "/static/ + /index.php");
    EXPECT_EQ(told(paths, "/about.php"), "=/about.php");
    EXPECT_EQ(told(paths, "/about"), "none");
}

TEST(PathTable, WithoutRoutesNothingIsMet) { EXPECT_EQ(told({}, "/"), "none"); }

TEST(PathTable, ThousandsOfSlashesAreNotLookedAt) {
    std::string path;
    while (path.size() < 8000) path += "/a";

    EXPECT_EQ(told({"/a/a/"}, path), "/a/a/ + " + path.substr(4));
    EXPECT_EQ(told({"/b/"}, path), "none");
}

}  // namespace bundle
