#include "shared/config/source/variables.hpp"

#include <gtest/gtest.h>

#include "tests/shared/config/site_text.hpp"

namespace bundle {

namespace {

// server.name = `text` in the file, with HOST=web and EMPTY= in the environment.
LoadRequest with_name(const std::string& text) {
    LoadRequest request = site_text("[server]\nname = \"" + text + "\"\n" + kSmallest);
    request.environment = {
        {"HOST",  "web"},
        {"EMPTY", ""   }
    };
    return request;
}

std::string name_from(const std::string& text) {
    const auto loaded = load_config(with_name(text));
    return loaded ? loaded->config.server.name : loaded.error().message;
}

}  // namespace

TEST(Variables, ANameStandsForItsValue) {
    EXPECT_EQ(name_from("${HOST}"), "web");
    EXPECT_EQ(name_from("shop-${HOST}-${HOST}.eu"), "shop-web-web.eu");
}

TEST(Variables, ADefaultStandsInForWhatIsUnsetOrEmpty) {
    EXPECT_EQ(name_from("${NONE:-local}"), "local");
    EXPECT_EQ(name_from("${EMPTY:-local}"), "local");
    EXPECT_EQ(name_from("${HOST:-local}"), "web");
    EXPECT_EQ(name_from("a${NONE:-}"), "a");
}

TEST(Variables, ADollarAloneIsADollar) {
    EXPECT_EQ(name_from("$HOST a$ $"), "$HOST a$ $");
    EXPECT_EQ(name_from("$${HOST}"), "${HOST}");
}

TEST(Variables, AnUnsetOneIsAnErrorWithItsPlace) {
    EXPECT_EQ(problems_of(with_name("${NONE}")),
              "site.toml:2:8: \"${NONE}\" needs the environment variable NONE, which is not set; "
              "set it or give a "
              "default: ${NONE:-...}");
}

TEST(Variables, ABrokenReferenceIsAnError) {
    EXPECT_EQ(problems_of(with_name("${HOST")),
              "site.toml:2:8: \"${HOST\" has a ${ without its }; write $${ for a plain ${");
    EXPECT_EQ(problems_of(with_name("${1 x}")),
              "site.toml:2:8: \"${1 x}\" has ${1 x}, which names no environment variable; write "
              "$${ for a plain ${");
}

TEST(Variables, TheValueBecomesANumberWhereOneIsNeeded) {
    LoadRequest request =
        site_text("[app.main]\nwsgi = \"a\"\nworkers = \"${N}\"\n[http]\nhead_timeout = \"${N}\"");
    request.environment = {
        {"N", "7"}
    };

    const auto loaded = load_config(request);

    ASSERT_TRUE(loaded) << loaded.error().message;
    EXPECT_EQ(loaded->config.apps[0].workers, 7U);
    EXPECT_EQ(loaded->config.http.head_timeout, seconds(7));
}

TEST(Variables, AValueIsNotExpandedAgain) {
    LoadRequest request = with_name("${HOST}");
    request.environment["HOST"] = "${NONE}";

    EXPECT_EQ(load_config(request).value().config.server.name, "${NONE}");
}

TEST(Variables, WhatWasEscapedExpandsToItself) {
    for (const char* text : {"", "$", "${", "${A}", "$${A}", "$$${", "a${b$c${d"})
        EXPECT_EQ(name_from("x" + config::without_variables(text)), std::string("x") + text);
}

}  // namespace bundle
