#include "shared/config/access_format.hpp"

#include <gtest/gtest.h>

#include "tests/shared/config/site_text.hpp"

namespace bundle {

namespace {

std::string complaint(std::string_view format) {
    return config::check_access_format(format).value_or("");
}

std::vector<LogPiece> pieces(std::string_view format) {
    auto parsed = parse_access_format(format);
    EXPECT_TRUE(parsed) << format;
    return parsed.value_or(std::vector<LogPiece>());
}

}  // namespace

TEST(AccessFormat, EveryAtomOfGunicornIsKnown) {
    for (const char* atom : {"h",
                             "l",
                             "u",
                             "t",
                             "r",
                             "s",
                             "m",
                             "U",
                             "q",
                             "H",
                             "s",
                             "B",
                             "b",
                             "f",
                             "a",
                             "T",
                             "D",
                             "M",
                             "L",
                             "p",
                             "{referer}i",
                             "{X-Thing}o",
                             "{request_method}e",
                             "{http_host}e",
                             "{wsgi.url_scheme}e"})
        EXPECT_EQ(complaint("%(" + std::string(atom) + ")s"), "") << atom;
}

TEST(AccessFormat, TheFormatsOfGunicornAndNginxAreKnown) {
    EXPECT_EQ(complaint(R"(%(h)s %(l)s %(u)s %(t)s "%(r)s" %(s)s %(b)s "%(f)s" "%(a)s")"), "");
    EXPECT_EQ(
        complaint("$remote_addr - $remote_user [$time_local] \"$request\" $status "
                  "$body_bytes_sent \"$http_referer\" \"$http_user_agent\" $request_time "
                  "$upstream_response_time $sent_http_x_cache $request_id $server_name $hostname "
                  "$content_length $content_type $arg_page $cookie_session $ssl_protocol "
                  "$upstream_status"),
        "");
    EXPECT_EQ(complaint("combined"), "");
    EXPECT_EQ(complaint("json"), "");
}

TEST(AccessFormat, NamesOfTheEnvironAreKnownInWhateverCaseAndOthersAreADash) {
    EXPECT_EQ(pieces("%({HTTP_HOST}e)s"), pieces("%({host}i)s"));
    EXPECT_EQ(pieces("%({REQUEST_METHOD}e)s"), pieces("%(m)s"));
    EXPECT_EQ(complaint("%({script_name}e)s %({SERVER_NAME}e)s"), "");
    EXPECT_EQ(pieces("%({my.key}e)s"), pieces("%(l)s"));
}

TEST(AccessFormat, VariablesMayStandInBraces) {
    EXPECT_EQ(pieces("${status}s"),
              (std::vector<LogPiece>{{.fact = LogFact::Status}, {.text = "s"}}));
    EXPECT_EQ(complaint("${status"), "at character 1 it has a \"${\" without its \"}\"");
    EXPECT_EQ(complaint("${}"),
              "at character 1 it has a \"$\" that begins no $name and is no \"$$\"");
}

TEST(AccessFormat, OursStandInBothForms) {
    EXPECT_EQ(
        pieces("%({queue-ms}x)s"),
        (std::vector<LogPiece>{
            {.fact = LogFact::Duration, .part = TimePart::Queue, .unit = TimeUnit::Milliseconds}
    }));
    EXPECT_EQ(pieces("$queue_time"), (std::vector<LogPiece>{
                                         {.fact = LogFact::Duration,
                                          .part = TimePart::Queue,
                                          .unit = TimeUnit::SecondsInDetail}
    }));
    EXPECT_EQ(pieces("%({worker}x)s"), pieces("$worker"));
}

TEST(AccessFormat, ItIsKnownWhetherWorkersHaveToMeasure) {
    for (const char* format : {"json", "$worker_memory", "%(h)s %({worker-cpu-ms}x)s"})
        EXPECT_TRUE(tells_cost(format)) << format;
    for (const char* format : {"combined", "%(h)s %({worker}x)s"})
        EXPECT_FALSE(tells_cost(format)) << format;
}

TEST(AccessFormat, AFieldsNameIsTheSameInEverySpelling) {
    EXPECT_EQ(pieces("%({User-Agent}i)s"), pieces("$http_user_agent"));
    EXPECT_EQ(pieces("%({user-agent}i)s"), pieces("%(a)s"));
    EXPECT_EQ(pieces("%({http_user_agent}e)s"), pieces("%(a)s"));
    EXPECT_EQ(pieces("%({X-Cache}o)s"), pieces("$sent_http_x_cache"));
}

TEST(AccessFormat, ItIsKnownWhatStandsBetweenQuotes) {
    const auto parsed = pieces(R"(%(a)s "%(a)s" %(a)s)");

    ASSERT_EQ(parsed.size(), 5U);
    EXPECT_FALSE(parsed[0].in_quotes);
    EXPECT_TRUE(parsed[2].in_quotes);
    EXPECT_FALSE(parsed[4].in_quotes);
}

TEST(AccessFormat, ASignThatIsDoubledStandsForItself) {
    EXPECT_EQ(pieces("100%% $$5 $status"),
              (std::vector<LogPiece>{{.text = "100% $5 "}, {.fact = LogFact::Status}}));
}

TEST(AccessFormat, WhatIsUnknownIsNamedWithItsPlace) {
    EXPECT_EQ(complaint("%(h)s %(z)s"), "at character 7 it has %(z)s, which is unknown");
    EXPECT_EQ(complaint("$status $remote_adr"),
              "at character 9 it has $remote_adr, which is unknown; did you mean remote_addr?");
    EXPECT_EQ(complaint("%({queue_ms}x)s"),
              "at character 1 it has %({queue_ms}x)s, which is unknown; did you mean queue-ms?");
    EXPECT_EQ(complaint("%({a b}i)s"), "at character 1 it has %({a b}i)s, which is unknown");
    EXPECT_EQ(complaint("$http_"), "at character 1 it has $http_, which is unknown");
    EXPECT_EQ(complaint("%({referer)s"),
              "at character 1 it has %({referer)s, which is not of the form %({name}i)s");
    for (const char* broken : {"%", "%h", "%(h", "%(h)", "%(h)x"})
        EXPECT_EQ(complaint(broken),
                  "at character 1 it has a \"%\" that begins no %(name)s and is no \"%%\"")
            << broken;
    EXPECT_EQ(complaint("a $"),
              "at character 3 it has a \"$\" that begins no $name and is no \"$$\"");
}

TEST(AccessFormat, ATextThatTellsNothingIsRefused) {
    EXPECT_EQ(complaint("combind"),
              "it must be \"combined\", \"json\", or a text with gunicorn's %(x)s or nginx's "
              "$names");
}

TEST(AccessFormat, CheckShowsWhereItStands) {
    EXPECT_EQ(
        problems_of(site_text(std::string(kSmallest) + "[log.access]\nformat = \"%(h)s %(z)s\"")),
        "site.toml:4:10: log.access.format is \"%(h)s %(z)s\"; at character 7 it has %(z)s, "
        "which is unknown");
}

}  // namespace bundle
