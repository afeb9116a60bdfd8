#include "shared/config/overrides.hpp"

#include <gtest/gtest.h>

#include "tests/shared/config/site_text.hpp"

namespace bundle {

namespace {

Config loaded(const LoadRequest& request) {
    const auto result = load_config(request);
    EXPECT_TRUE(result) << result.error().message;
    return result ? result->config : Config{};
}

LoadRequest with_environment(std::map<std::string, std::string> environment,
                             const char* text = kSmallest) {
    LoadRequest request = site_text(text);
    request.environment = std::move(environment);
    return request;
}

LoadRequest with_set(std::vector<std::string> overrides, const char* text = kSmallest) {
    LoadRequest request = site_text(text);
    request.overrides = std::move(overrides);
    return request;
}

}  // namespace

TEST(Overrides, AVariableNamesAnOptionByItsTables) {
    const Config config = loaded(with_environment({
        {"BUNDLE_APP__MAIN__WORKERS", "4"  },
        {"BUNDLE_HTTP__HEAD_TIMEOUT", "5s" },
        {"BUNDLE_LOG__ACCESS__PATH",  "off"},
        {"BUNDLE_LISTEN__0__ADDRESS", ":81"},
        {"BUNDLE_LISTEN__1__ADDRESS", ":82"}
    }));

    EXPECT_EQ(config.apps[0].workers, 4U);
    EXPECT_EQ(config.http.head_timeout, seconds(5));
    EXPECT_EQ(config.log.access.path, "off");
    ASSERT_EQ(config.listen.size(), 2U);
    EXPECT_EQ(config.listen[1].address, ":82");
}

TEST(Overrides, TheCommandLineWinsOverTheEnvironmentAndThatOverTheFile) {
    LoadRequest request =
        site_text("[app.main]\nwsgi = \"a\"\nworkers = 2\n[app.main.queue]\nmax = 2\ntimeout = 2");
    request.environment = {
        {"BUNDLE_APP__MAIN__WORKERS",    "3"},
        {"BUNDLE_APP__MAIN__QUEUE__MAX", "3"}
    };
    request.overrides = {"app.main.workers=4", "app.main.workers=5"};

    const Config config = loaded(request);

    EXPECT_EQ(config.apps[0].workers, 5U);
    EXPECT_EQ(config.apps[0].queue.max, 3U);
    EXPECT_EQ(config.apps[0].queue.timeout, seconds(2));
}

TEST(Overrides, AValueIsTakenAsItStandsOrAsToml) {
    const Config config = loaded(
        with_set({"app.main.wsgi=shop.wsgi:application", "server.name=5", "app.main.umask=027",
                  "http.max_body=unlimited", "site.0.index=[\"a.html\", 'b.html']",
                  "app.main.user=\"x y\"", "app.main.env={ A = \"1\" }", "app.main.group="}));

    EXPECT_EQ(config.apps[0].wsgi, "shop.wsgi:application");
    EXPECT_EQ(config.server.name, "5");
    EXPECT_EQ(config.apps[0].umask, 027U);
    EXPECT_TRUE(config.http.max_body.is_unlimited());
    EXPECT_EQ(config.sites[0].index, (std::vector<std::string>{"a.html", "b.html"}));
    EXPECT_EQ(config.apps[0].user, "x y");
    EXPECT_EQ(config.apps[0].env, (std::map<std::string, std::string>{
                                      {"A", "1"}
    }));
    EXPECT_EQ(config.apps[0].group, "");
}

TEST(Overrides, NamesOfOnesOwnKeepTheirCase) {
    const Config config = loaded(with_environment(
        {
            {"BUNDLE_APP__MAIN__ENV__Debug", "1"},
            {"BUNDLE_APP__MAIN__ENV__A__B",  "2"}
    },
        "[app.main]\nwsgi = \"a\"\nenv = { C = \"3\" }"));

    EXPECT_EQ(config.apps[0].env, (std::map<std::string, std::string>{
                                      {"A__B",  "2"},
                                      {"C",     "3"},
                                      {"Debug", "1"}
    }));
}

TEST(Overrides, AVariableFindsTheAppWhoseNameItCannotSpell) {
    const Config config = loaded(with_environment(
        {
            {"BUNDLE_APP__SHOP_EU__WORKERS", "4"}
    },
        "[app.Shop-EU]\nwsgi = \"a\""));

    ASSERT_EQ(config.apps.size(), 1U);
    EXPECT_EQ(config.apps[0].workers, 4U);
}

TEST(Overrides, VariablesOfAnotherShapeAreLeftAlone) {
    EXPECT_EQ(problems_of(with_environment({
                  {"BUNDLE_PORT",         "tcp://10.0.0.1:80"},
                  {"BUNDLE_SERVICE_HOST", "10.0.0.1"         },
                  {"MY_BUNDLE_A__B",      "x"                },
                  {"APP__MAIN__WORKERS",  "x"                }
    })),
              "");
}

struct Mistake {
    const char* name;
    const char* value;
    const char* told;
};
constexpr Mistake kVariableMistakes[] = {
    {"BUNDLE_HTTP__HED_TIMEOUT",     "5s",
     "environment BUNDLE_HTTP__HED_TIMEOUT: http.hed_timeout is unknown; did you mean "
     "head_timeout?"                                                                         },
    {"BUNDLE_FOO__BAR",              "1",
     "environment BUNDLE_FOO__BAR: foo is unknown; known here: mime, server, listen, http, http2, "
     "tls, "
     "trust, "
     "app, "
     "site, log, metrics, admin, control, dev"                                               },
    {"BUNDLE_APP__MAIN",             "1",
     "environment BUNDLE_APP__MAIN: app.main is a table; name one of its options"            },
    {"BUNDLE_LISTEN__X__ADDRESS",    "1",
     "environment BUNDLE_LISTEN__X__ADDRESS: listen.x names none; write a number from 0 to 0"},
    {"BUNDLE_HTTP__HEAD_TIMEOUT",    "x",
     "environment BUNDLE_HTTP__HEAD_TIMEOUT: http.head_timeout is \"x\"; it must be a duration "
     "such as \"250ms\", "
     "\"15s\", \"5m\", \"12h\" or \"30d\""                                                   },
    {"BUNDLE_HTTP__HEAD_TIMEOUT__X", "1",
     "environment BUNDLE_HTTP__HEAD_TIMEOUT__X: http.head_timeout is no table"               },
    {"BUNDLE_SERVER__NAME",          "\xff",
     "environment BUNDLE_SERVER__NAME: server.name is \"\\xff\"; it must be UTF-8"           },
    {"BUNDLE_APP__MAIN__ENV__\xff",  "x",
     "environment BUNDLE_APP__MAIN__ENV__\xff: app.main.env is a table; \"\\xff\" is no name"},
};

TEST(Overrides, AVariableThatNamesNoOptionOrAWrongValueIsToldByItsName) {
    for (const Mistake& mistake : kVariableMistakes)
        EXPECT_EQ(problems_of(with_environment({
                      {mistake.name, mistake.value}
        })),
                  mistake.told);
}

TEST(Overrides, AMistakeOnTheCommandLineIsToldByItsName) {
    EXPECT_EQ(problems_of(with_set({"http.max_body"})),
              "--set http.max_body: it has no value; write --set app.main.workers=4");
    EXPECT_EQ(problems_of(with_set({"HTTP.max_body=1"})),
              "--set HTTP.max_body: HTTP is unknown; did you mean http?");
    EXPECT_EQ(problems_of(with_set({"site.0.index=[\"a"})),
              "--set site.0.index: \"[\\\"a\" is no TOML");
    EXPECT_EQ(problems_of(with_set({"site.0.index=[]\n[http]\nmax_body=1"})),
              "--set site.0.index: \"[]\\x0a[http]\\x0amax_body=1\" is no TOML");
    EXPECT_EQ(problems_of(with_set({"app.more.workers=1", "site.0.app=main"})),
              "--set app.more.workers: app.more has neither wsgi nor paste, and needs one");
}

TEST(Overrides, PortAndWebConcurrencyFillWhatNothingElseSays) {
    const Config config = loaded(with_environment({
        {"PORT",            "5000"},
        {"WEB_CONCURRENCY", "7"   }
    }));

    ASSERT_EQ(config.listen.size(), 1U);
    EXPECT_EQ(config.listen[0].address, "0.0.0.0:5000");
    EXPECT_EQ(config.apps[0].workers, 7U);
}

TEST(Overrides, PortAndWebConcurrencyYieldToTheFile) {
    const Config config = loaded(with_environment(
        {
            {"PORT",            "5000"},
            {"WEB_CONCURRENCY", "7"   }
    },
        "[[listen]]\naddress = \":80\"\n[app.main]\nwsgi = \"a\"\nworkers = \"auto\""));

    ASSERT_EQ(config.listen.size(), 1U);
    EXPECT_EQ(config.listen[0].address, ":80");
    EXPECT_EQ(config.apps[0].workers, 5U);
}

TEST(Overrides, AWrongPortIsToldByItsName) {
    EXPECT_EQ(problems_of(with_environment({
                  {"PORT",            "x"},
                  {"WEB_CONCURRENCY", "0"}
    })),
              "environment PORT: listen.0.address is \"0.0.0.0:x\"; its port must be a number from "
              "0 to 65535\n"
              "environment WEB_CONCURRENCY: app.main.workers is \"0\"; it must be \"auto\" or "
              "between 1 and 512");
}

TEST(Overrides, ForwardedAllowIpsIsReadAsGunicornDoes) {
    const auto proxies = [](const std::string& value, const char* text = kSmallest) {
        return loaded(with_environment(
                          {
                              {"FORWARDED_ALLOW_IPS", value}
        },
                          text))
            .trust.proxies;
    };

    EXPECT_EQ(proxies("10.0.0.1, 2001:db8::/32 ,,"),
              (std::vector<std::string>{"10.0.0.1", "2001:db8::/32"}));
    EXPECT_EQ(proxies("*"), std::vector<std::string>{"*"});
    EXPECT_EQ(proxies("*", "[app.main]\nwsgi = \"a\"\n[trust]\nproxies = []"),
              std::vector<std::string>())
        << "the file has said something";
    EXPECT_EQ(proxies("*", "[app.main]\nwsgi = \"a\"\n[trust]\nclient_ip_header = \"forwarded\""),
              std::vector<std::string>{"*"});
}

TEST(Overrides, AWrongForwardedAllowIpsIsToldByItsName) {
    EXPECT_EQ(
        problems_of(with_environment({
            {"FORWARDED_ALLOW_IPS", "proxy"}
    })),
        "environment FORWARDED_ALLOW_IPS: trust.proxies is a list; for \"proxy\", it must be an "
        "address, a network such as \"10.0.0.0/8\", or one of \"private\", \"loopback\", "
        "\"unix\" and \"*\"");
}

}  // namespace bundle
