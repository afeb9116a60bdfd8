#include "shared/routing/glob.hpp"

#include <gtest/gtest.h>

#include <string>

namespace bundle {

TEST(Glob, MatchesAsGitignoreDoes) {
    const struct {
        const char* pattern;
        const char* path;
        bool matches;
    } table[] = {
        {"*.php",         "/index.php",         true },
        {"*.php",         "/a/b/index.php",     true },
        {"*.php",         "/.php",              true },
        {"*.php",         "/index.php/x",       false},
        {"*.php",         "/index.phpx",        false},
        {"*.php",         "/index.PHP",         false},
        {"*.php",         "/php",               false},
        {"wp-*",          "/blog/wp-login.php", true },
        {"wp-*",          "/wp-",               true },
        {"wp-*",          "/wp-admin/x",        false},
        {"?.txt",         "/a.txt",             true },
        {"?.txt",         "/.txt",              false},
        {"?.txt",         "/ab.txt",            false},
        {"/blog/*/feed",  "/blog/2026/feed",    true },
        {"/blog/*/feed",  "/blog//feed",        true },
        {"/blog/*/feed",  "/blog/2026/11/feed", false},
        {"/blog/*/feed",  "/x/blog/2026/feed",  false},
        {"/blog/?/feed",  "/blog///feed",       false},
        {"/blog/**/feed", "/blog/2026/11/feed", true },
        {"/blog/**/feed", "/blog/feed",         false},
        {"/media/**.bak", "/media/a/b.bak",     true },
        {"/media/**.bak", "/media/.bak",        true },
        {"/a*b*c",        "/abbbcbc",           true },
        {"/a*b*c",        "/abbbcb",            false},
        {"/**a**b*",      "/x/a/y/bz",          true },
        {"/**a**b*",      "/x/a/y/b/z",         false},
        {"**",            "/anything",          true },
        {"*",             "*",                  true },
        {"/*",            "/",                  true },
    };
    for (const auto& row : table)
        EXPECT_EQ(Glob(row.pattern).matches(row.path), row.matches)
            << row.pattern << " on " << row.path;
}

TEST(Glob, ALongPathAgainstManyStarsIsNoLabour) {
    std::string pattern;
    while (pattern.size() < Glob::kLongest - 4) pattern += "/**a*";
    const std::string path = "/" + std::string(8000, 'a') + "b";

    EXPECT_FALSE(Glob(pattern).matches(path));
}

}  // namespace bundle
