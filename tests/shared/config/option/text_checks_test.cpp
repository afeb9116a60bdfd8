#include "shared/config/option/text_checks.hpp"

#include <gtest/gtest.h>

namespace bundle::config {

TEST(TextChecks, ModulesCallablesAndCallsWithLiteralsAreApplications) {
    for (const char* text :
         {"hello", "hello:app", "shop.wsgi:application", "a.b.c:d.e", "shop:create_app()",
          "shop:create_app('prod', debug=False)", "shop:make(\"a)b\", [1, {'k': (2, 3)}])",
          "caf\xc3\xa9:app", "shop:make('it\\'s')"})
        EXPECT_EQ(check_wsgi(text), std::nullopt) << text;
}

TEST(TextChecks, WhatIsNoApplicationIsRefused) {
    for (const char* text :
         {"hello.py", "hello.py:app", "./hello:app", "hello:", ":app", "hello app", "1a:app",
          "a..b:c", "hello:app:more", "hello:make(", "hello:make)", "hello:make('x)",
          "hello:make(]", "hello:make() + 1", "hello:make()()", "hello:1"})
        EXPECT_NE(check_wsgi(text), std::nullopt) << text;
}

TEST(TextChecks, AnIniFileIsNamedByItsPath) {
    for (const char* text : {"production.ini", "/etc/site.ini#main", "a b.ini#egg:wiki"})
        EXPECT_EQ(check_paste(text), std::nullopt) << text;
    for (const char* text : {"", "#main", "site.ini#", "config:site.ini", "egg:wiki"})
        EXPECT_NE(check_paste(text), std::nullopt) << text;
}

TEST(TextChecks, AnIndexIsAFileNotAPath) {
    EXPECT_EQ(check_file_name("index.html"), std::nullopt);
    for (const char* text : {"", ".", "..", "a/b", "/index.html"})
        EXPECT_NE(check_file_name(text), std::nullopt) << text;
}

TEST(TextChecks, AnAppIsCalledByLettersDigitsAndDashes) {
    for (const char* text : {"main", "shop-2", "Shop_EU"})
        EXPECT_EQ(check_app_name(text), std::nullopt) << text;
    for (const std::string& text :
         {std::string(), std::string("a b"), std::string("a.b"), std::string("gr\xc3\xbc"),
          std::string("off"), std::string(65, 'a'), std::string("a/b")})
        EXPECT_NE(check_app_name(text), std::nullopt) << text;
}

}  // namespace bundle::config
