#include "frontend/observe/access_line.hpp"

#include <gtest/gtest.h>

namespace bundle {

namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::system_clock;

const Headers kFields = {
    {"host",       "shop.example"        },
    {"referer",    "https://example.com/"},
    {"user-agent", "curl/7.88.1"         },
    {"x-odd",      "a b\""               }
};

RequestTimes times_of_an_app() {
    constexpr RequestTimes::Moment kStart{seconds{100}};
    return {.asked_app = true,
            .received = kStart,
            .whole = kStart + milliseconds{2},
            .handed_over = kStart + milliseconds{1005},
            .first = kStart + milliseconds{1010},
            .done = kStart + milliseconds{1025},
            .sent = kStart + milliseconds{2500} + microseconds{7}};
}

AccessRecord ordinary_record() {
    return {.client = "192.0.2.7",
            .user = "eve",
            .method = "GET",
            .target = "/a?b=c",
            .protocol = "HTTP/1.1",
            .status = 200,
            .body_bytes = 42,
            .referer = "https://example.com/",
            .user_agent = "curl/7.88.1",
            .client_port = "4711",
            .path = "/a",
            .query = "b=c",
            .host = "shop.example",
            .scheme = "https",
            .server_port = "443",
            .fields = &kFields,
            .request_bytes = 100,
            .bytes = 142,
            .request_id = "01JD",
            .trace_id = "4bf9",
            .site = "shop.example",
            .route = "/a",
            .app = "main",
            .worker = 3,
            .worker_pid = 77,
            .worker_cpu = microseconds{12'345},
            .worker_memory = -4096,
            .times = times_of_an_app()};
}

std::string line_of(std::string_view format, const AccessRecord& record) {
    LogClock clock;
    clock.set(system_clock::time_point{seconds{1'700'000'000}} + microseconds{1500});
    std::string line;
    AccessLine::create(format).value().append_to(line, record, clock);
    return line;
}

}  // namespace

TEST(AccessLine, ARequestIsOneLineInTheCombinedFormat) {
    EXPECT_EQ(line_of("combined", ordinary_record()),
              "192.0.2.7 - eve [14/Nov/2023:22:13:20 +0000] \"GET /a?b=c HTTP/1.1\" 200 42 "
              "\"https://example.com/\" \"curl/7.88.1\"\n");
}

TEST(AccessLine, WhatIsUnknownIsADash) {
    EXPECT_EQ(line_of("combined", {.status = 400}),
              "- - - [14/Nov/2023:22:13:20 +0000] \"-\" 400 0 \"-\" \"-\"\n");
    EXPECT_EQ(line_of("%(h)s %(u)s %(r)s %(H)s %(U)s %(p)s %({worker}x)s %({queue-ms}x)s $host "
                      "$upstream_response_time %({x-none}i)s %({x-none}o)s %({reason}x)s",
                      {.protocol = "HTTP/1.1", .status = 400}),
              "- - - - - - - - - - - - -\n");
}

TEST(AccessLine, WhatIsNoRequestLineIsShownEscaped) {
    EXPECT_EQ(line_of("$request|$request_uri|$request_method",
                      {.target = "\x16\x03 \"a\xff", .status = 400}),
              R"(\x16\x03 \x22a\xFF|\x16\x03\x20\x22a\xFF|-)"
              "\n");
}

TEST(AccessLine, NoQueryIsNothingToGunicornAndADashToNginx) {
    EXPECT_EQ(line_of("%(q)s|%({query_string}e)s|%({script_name}e)s|$args", {.status = 200}),
              "|||-\n");
}

TEST(AccessLine, ArgumentsAndCookiesAreFoundByTheirNames) {
    const Headers fields = {
        {"cookie", "a=1; session=x=y; b"}
    };
    AccessRecord record = ordinary_record();
    record.query = "page=2&Sort=up&none&page=3";
    record.fields = &fields;

    EXPECT_EQ(
        line_of("$arg_page $arg_sort $arg_none $arg_x $cookie_session $cookie_b $cookie_a", record),
        "2 up - - x=y - 1\n");
}

TEST(AccessLine, TheServerAndWhatItsApplicationAnsweredAreKnown) {
    AccessRecord record = ordinary_record();
    record.host = "[::1]:8000";
    record.tls_protocol = "TLSv1.3";
    record.mount = "/shop";

    EXPECT_EQ(line_of("%({server_name}e)s $server_name $ssl_protocol $upstream_status "
                      "%({script_name}e)s",
                      record),
              "[::1] shop.example TLSv1.3 200 /shop\n");
    EXPECT_EQ(line_of("$ssl_protocol $upstream_status", {.status = 404}), "- -\n");
}

TEST(AccessLine, ItIsWrittenWithGunicornsAtoms) {
    EXPECT_EQ(line_of(R"(%(h)s %(l)s %(u)s %(t)s "%(r)s" %(s)s %(b)s "%(f)s" "%(a)s")",
                      ordinary_record()),
              line_of("combined", ordinary_record()));
    EXPECT_EQ(
        line_of("%(m)s %(U)s %(q)s %(H)s %(B)s %(T)s %(M)s %(D)s %(L)s %(p)s", ordinary_record()),
        "GET /a b=c HTTP/1.1 42 2 2500 2500007 2.500007 <77>\n");
    EXPECT_EQ(line_of("%({host}i)s %({wsgi.url_scheme}e)s %({remote_port}e)s %({raw_uri}e)s",
                      ordinary_record()),
              "shop.example https 4711 /a?b=c\n");
}

TEST(AccessLine, ItIsWrittenWithNginxsVariables) {
    EXPECT_EQ(line_of("$remote_addr - $remote_user [$time_local] \"$request\" $status "
                      "$body_bytes_sent \"$http_host\"",
                      ordinary_record()),
              "192.0.2.7 - eve [14/Nov/2023:22:13:20 +0000] \"GET /a?b=c HTTP/1.1\" 200 42 "
              "\"shop.example\"\n");
    EXPECT_EQ(line_of("$time_iso8601 $msec $uri$is_args$args $scheme $server_port $request_length "
                      "$bytes_sent $request_time $upstream_connect_time $upstream_header_time "
                      "$upstream_response_time $pid",
                      ordinary_record()),
              "2023-11-14T22:13:20+00:00 1700000000.001 /a?b=c https 443 100 142 2.500 1.003 1.008 "
              "1.023 77\n");
}

TEST(AccessLine, TheTimeIsSplit) {
    EXPECT_EQ(line_of("%({read-ms}x)s %({queue-ms}x)s %({app-first-ms}x)s %({app-ms}x)s "
                      "%({send-ms}x)s %({total-ms}x)s",
                      ordinary_record()),
              "2.000 1003.000 5.000 20.000 1475.007 2500.007\n");
}

TEST(AccessLine, WhatARequestTookInItsWorkerIsTold) {
    EXPECT_EQ(line_of("%({worker-cpu-ms}x)s %({worker-memory}x)s $worker_cpu_time $trace_id",
                      ordinary_record()),
              "12.345 -4096 0.012345 4bf9\n");
    EXPECT_EQ(line_of("$worker_cpu_time $worker_memory $trace_id", {}), "- - -\n");
}

TEST(AccessLine, AFileTakesNoTimeOfAnApp) {
    AccessRecord record = ordinary_record();
    record.times.asked_app = false;
    record.times.handed_over = record.times.first = record.times.done = {};

    EXPECT_EQ(line_of("$read_time $queue_time $app_time $send_time", record),
              "0.002000 - - 2.498007\n");
}

TEST(AccessLine, ARequestThatNobodyTookWaitedUntilItsEnd) {
    AccessRecord record = ordinary_record();
    record.times.handed_over = record.times.first = record.times.done = {};

    EXPECT_EQ(line_of("$read_time $queue_time $app_time $send_time", record),
              "0.002000 2.498007 - -\n");
}

TEST(AccessLine, AnAppThatNeverAnsweredHadAllTheRest) {
    AccessRecord record = ordinary_record();
    record.times.first = record.times.done = {};

    EXPECT_EQ(line_of("$queue_time $app_first_time $app_time $send_time", record),
              "1.003000 - 1.495007 0.000000\n");
}

TEST(AccessLine, AClientCannotForgeALineOrAField) {
    AccessRecord record = ordinary_record();
    record.user = "eve [now] \"x\"";
    record.target = "/\"\n10.0.0.1 - - forged";
    record.user_agent = "a\" 200 \\ \x1b[2J\x7f\xc3\xa9\r\n";

    EXPECT_EQ(line_of("combined", record),
              "192.0.2.7 - eve\\x20[now]\\x20\\x22x\\x22 [14/Nov/2023:22:13:20 +0000] "
              "\"GET /\\x22\\x0A10.0.0.1 - - forged HTTP/1.1\" 200 42 \"https://example.com/\" "
              "\"a\\x22 200 \\x5C \\x1B[2J\\x7F\\xC3\\xA9\\x0D\\x0A\"\n");
    EXPECT_EQ(line_of("%({x-odd}i)s|\"%({x-odd}i)s\"", record), "a\\x20b\\x22|\"a b\\x22\"\n");
}

TEST(AccessLine, ItIsWrittenAsJson) {
    EXPECT_EQ(
        line_of("json", ordinary_record()),
        R"({"time":"2023-11-14T22:13:20.001500Z","request_id":"01JD","trace_id":"4bf9",)"
        R"("client":"192.0.2.7",)"
        R"("user":"eve","method":"GET","scheme":"https","host":"shop.example",)"
        R"("target":"/a?b=c","protocol":"HTTP/1.1","status":200,"reason":null,)"
        R"("body_bytes":42,"request_bytes":100,"referer":"https://example.com/",)"
        R"("user_agent":"curl/7.88.1","site":"shop.example","route":"/a","app":"main",)"
        R"("worker":3,"pid":77,"worker_cpu":0.012345,"worker_memory":-4096,"t_read":0.002000,"t_queue":1.003000,)"
        R"("t_app_first":0.005000,"t_app":0.020000,"t_send":1.475007,)"
        R"("t_total":2.500007})"
        "\n");
}

TEST(AccessLine, JsonIsOneLineOfUtf8WhateverTheClientSends) {
    AccessRecord record = {.status = 400};
    record.target = "/\"\\\n\x01\x7f";
    record.referer = "caf\xc3\xa9";
    record.user_agent = "caf\xe9";

    const std::string line = line_of("json", record);

    EXPECT_NE(line.find(R"("target":"/\u0022\u005c\u000a\u0001\u007f")"), std::string::npos);
    EXPECT_NE(line.find("\"referer\":\"caf\xc3\xa9\""), std::string::npos);
    EXPECT_NE(line.find(R"("user_agent":"caf\u00e9")"), std::string::npos);
    EXPECT_NE(line.find(R"("worker":null,"pid":null,"worker_cpu":null,"worker_memory":null,)"),
              std::string::npos);
    EXPECT_EQ(line.find('\n'), line.size() - 1);
}

TEST(AccessLine, FieldsOfTheAnswerStandAsTheyWereSent) {
    const AccessLine line =
        AccessLine::create("%({X-Cache}o)s $sent_http_content_type $sent_http_age").value();
    EXPECT_EQ(line.answer_fields(), (std::vector<std::string>{"x-cache", "content-type", "age"}));
    std::vector<std::string> values;

    note_answer_fields(
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nX-Cache:  hit\r\n"
        "x-cache: twice\r\n\r\nage: of the body\r\n",
        line.answer_fields(), values);

    EXPECT_EQ(values, (std::vector<std::string>{"hit", "text/html", ""}));
    AccessRecord record = ordinary_record();
    record.answer_fields = values;
    std::string text;
    line.append_to(text, record, LogClock());
    EXPECT_EQ(text, "hit text/html -\n");
}

TEST(LogClock, TheDateFollowsTheClock) {
    LogClock clock;
    clock.set(system_clock::time_point{seconds{1'700'000'000}});
    EXPECT_EQ(clock.common(), "14/Nov/2023:22:13:20 +0000");

    clock.set(system_clock::time_point{seconds{1'700'086'400}});

    EXPECT_EQ(clock.common(), "15/Nov/2023:22:13:20 +0000");
    EXPECT_EQ(clock.iso(), "2023-11-15T22:13:20");
}

}  // namespace bundle
