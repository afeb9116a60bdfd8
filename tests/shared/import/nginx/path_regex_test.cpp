#include "shared/import/nginx/path_regex.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace bundle::imported {

namespace {

using testing::ElementsAre;
using testing::IsEmpty;

using Globs = std::vector<std::string>;

TEST(PathRegex, ARegularExpressionOfEndingsIsAPatternOfEach) {
    EXPECT_EQ(globs_of(R"(\.(css|js)$)"), (Globs{"*.css", "*.js"}));
    EXPECT_EQ(globs_of(R"(\.(?:css|js)$)"), (Globs{"*.css", "*.js"}));
    EXPECT_EQ(globs_of(R"(\.php$)"), Globs{"*.php"});
    EXPECT_EQ(globs_of(R"(.*\.woff2$)"), Globs{"*.woff2"});
    EXPECT_EQ(globs_of(R"(\.(jpe?g|png)$)"), (Globs{"*.jpg", "*.jpeg", "*.png"}));
    EXPECT_EQ(globs_of(R"(\.(css|js))"), Globs{});
    EXPECT_EQ(globs_of(R"(^/api/v[0-9]+/)"), Globs{});
    EXPECT_EQ(globs_of(R"(\.(a|b.*)$)"), Globs{});
}

TEST(PathRegex, WhatRefusesBecomesPathsOfRoutes) {
    EXPECT_THAT(paths_of(R"(^/(admin|private)/)").paths, ElementsAre("/admin/", "/private/"));
    EXPECT_THAT(paths_of(R"(\.(sql|bak)$)").paths, ElementsAre("*.bak", "*.sql"));
    EXPECT_THAT(paths_of(R"(^/uploads/.*\.(php|sql)$)").paths,
                ElementsAre("/uploads/**.php", "/uploads/**.sql"));
    EXPECT_THAT(paths_of(R"(^/wp-content/.*\.php$)").paths, ElementsAre("/wp-content/**.php"));
    EXPECT_THAT(paths_of(R"(^/secret\.html$)").paths, ElementsAre("=/secret.html"));
    EXPECT_THAT(paths_of(R"(~$)").paths, ElementsAre("*~"));
    EXPECT_THAT(paths_of(R"(^/backup)").paths, ElementsAre("/backup", "/backup**"));
    EXPECT_THAT(paths_of(R"(^/(?:a|b)/x-?y$)").paths,
                ElementsAre("=/a/x-y", "=/a/xy", "=/b/x-y", "=/b/xy"));
    EXPECT_THAT(paths_of(R"(/uploads/[^/]+\.php$)").paths,
                ElementsAre("/**/uploads/?*.php", "/uploads/?*.php"));
    EXPECT_FALSE(paths_of(R"(^/uploads/.*\.php$)").is_wider);
}

TEST(PathRegex, WhatAPatternCannotSayBecomesMoreNeverLess) {
    const RegexPaths users = paths_of(R"(^/users/\d+/avatar$)");
    EXPECT_THAT(users.paths, ElementsAre("/users/?*/avatar"));
    EXPECT_TRUE(users.is_wider);
    const RegexPaths php = paths_of(R"([^/]\.php(/|$))");
    EXPECT_THAT(php.paths, ElementsAre("*?.php", "/**?.php/**"));
    const RegexPaths looking = paths_of(R"(^/a/(?!public/).*\.bak$)");
    EXPECT_THAT(looking.paths, ElementsAre("/a/**.bak"));
    EXPECT_TRUE(looking.is_wider);
    EXPECT_THAT(paths_of(R"(^/(?<name>files|docs)/x.y$)").paths,
                ElementsAre("/docs/x**y", "/files/x**y"));
}

TEST(PathRegex, WhatWouldBeForEverythingOrIsNotReadIsNothing) {
    for (const std::string_view regex :
         {"^/[a-f0-9]{32}$", "^/(?!public)", "(a", "a)", "[", "\\", "a{", "*", "(?<x", "(a)\\1",
          "((((((((((((((((((((a))))))))))))))))))))",
          "(a|b)(a|b)(a|b)(a|b)(a|b)(a|b)(a|b)(a|b)(a|b)", "\x01", "[[:digit:]]ab"})
        EXPECT_THAT(paths_of(regex).paths, IsEmpty()) << regex;
}

TEST(PathRegex, OnlySegmentsThatBeginWithADotAreOfDotfiles) {
    for (const std::string_view regex :
         {R"(/\.)", R"(/\.(?!well-known))", R"(/\.(?!well-known).*)", R"(/\.ht)", R"(/\.git)",
          R"((^|/)\.)", R"((?:^|/)\.)", R"(^/\.(env|git))", R"(^.*/\.svn/)", R"(/\.(ht|git))"})
        EXPECT_TRUE(is_of_dotfiles(regex)) << regex;
    for (const std::string_view regex :
         {R"(^/uploads/.*\.(php|sql)$)", R"(^/wp-content/.*\.php$)", R"(\.php$)", R"(/a|\.php)",
          R"(/\.git|\.sql)", R"(/\.?env)", R"(/\.well-known)", R"(/\.(well-known|git))", "", "/"})
        EXPECT_FALSE(is_of_dotfiles(regex)) << regex;
}

TEST(PathRegex, WhatHasNoCaseIsSpelledAsNamesUsuallyAre) {
    EXPECT_THAT(spellings_of("*.sql"), ElementsAre("*.sql", "*.SQL", "*.Sql"));
    EXPECT_THAT(spellings_of("/admin/"), ElementsAre("/admin/", "/ADMIN/", "/Admin/"));
    EXPECT_THAT(spellings_of("/1/"), ElementsAre("/1/"));
}

}  // namespace

}  // namespace bundle::imported
