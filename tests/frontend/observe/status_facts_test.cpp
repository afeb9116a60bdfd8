#include "frontend/observe/status_facts.hpp"

#include <gmock/gmock.h>

#include "frontend/observe/metrics_text.hpp"
#include "frontend/observe/status_json.hpp"
#include "frontend/observe/status_screen.hpp"
#include "frontend/observe/status_text.hpp"

namespace bundle {

namespace {

using std::chrono::hours;
using std::chrono::seconds;
using std::chrono::system_clock;
using testing::HasSubstr;
using testing::Not;

class StatusTest : public testing::Test {
  protected:
    StatusTest() {
        facts_.name = "shop";
        facts_.generation = 3;
        facts_.now = system_clock::time_point{seconds{1'700'000'000}};
        facts_.started = facts_.now - hours{25};
        facts_.connections = {
            {"waiting for a request", 2},
            {"sending the answer",    1}
        };
        facts_.most_connections = 100;
        AppStatus app;
        app.name = "main";
        app.configured = 2;
        app.wanted = 2;
        app.waiting = 4;
        app.most_waiting = 512;
        app.oldest = FloatSeconds(1.5);
        app.busy = FloatSeconds(12.25);
        app.drops.back() = 3;
        app.workers = {
            {.slot = 0,
             .pid = 10,
             .generation = 3,
             .age = hours{3},
             .requests = 1234,
             .memory = 50 << 20,
             .cpu = seconds{12}           },
            {.slot = 1,
             .pid = 11,
             .generation = 3,
             .state = wire::WorkerState::Busy,
             .request = "GET /\x1b[2J",
             .request_id = "01JD",
             .busy_for = FloatSeconds(2.1)}
        };
        facts_.apps.push_back(app);
        facts_.certificates = {
            {"/etc/a.pem", {"a.example", "b.example"}, facts_.now + hours{48}}
        };
        facts_.counters = &counters_;
        facts_.table = &table_;
        facts_.traffic = &traffic_;
        facts_.events = &events_;
        counters_.worker_ends[{"main", "SIGSEGV"}] = 1;
        table_.of_route("a\"\\\n", "/x/")->by_class[2] = 5;
    }

    FrontCounters counters_;
    CounterTable table_;
    Traffic traffic_;
    RecentEvents events_;
    StatusFacts facts_;
};

}  // namespace

TEST_F(StatusTest, MetricsTellEachFactUnderItsName) {
    const std::string text = metrics_text(facts_);

    for (const char* line :
         {"bundle_requests_total{site=\"a\\\"\\\\\\n\",route=\"/x/\",status=\"2xx\"} 5\n",
          "bundle_connections{state=\"waiting for a request\"} 2\n",
          "bundle_queue_length{app=\"main\"} 4\n",
          "bundle_queue_oldest_seconds{app=\"main\"} 1.5\n",
          "bundle_workers{app=\"main\",state=\"busy\"} 1\n",
          "bundle_workers{app=\"main\",state=\"idle\"} 1\n",
          "bundle_workers{app=\"main\",state=\"leaving\"} 0\n",
          "bundle_queue_drops_total{app=\"main\",reason=\"client left\"} 3\n",
          "bundle_worker_busy_seconds_total{app=\"main\"} 12.25\n",
          "bundle_worker_memory_bytes{app=\"main\",worker=\"0\"} 52428800\n",
          "bundle_worker_ends_total{app=\"main\",reason=\"SIGSEGV\"} 1\n",
          "bundle_certificate_not_after_seconds{file=\"/etc/a.pem\"} 1700172800\n",
          "bundle_generation 3\n", "bundle_ready 1\n"})
        EXPECT_THAT(text, HasSubstr(line));
}

TEST_F(StatusTest, ABucketOfAHistogramHasThoseBelowItAsWell) {
    RouteCounters& counters = *table_.of_route("", "");
    counters.parts[0].add(std::chrono::milliseconds{1});
    counters.parts[0].add(std::chrono::milliseconds{2});

    const std::string text = metrics_text(facts_);

    const std::string labels = "site=\"\",route=\"\",part=\"read\"";
    EXPECT_THAT(text, HasSubstr("_bucket{" + labels + ",le=\"0.001\"} 1\n"));
    EXPECT_THAT(text, HasSubstr("_bucket{" + labels + ",le=\"0.002\"} 2\n"));
    EXPECT_THAT(text, HasSubstr("_bucket{" + labels + ",le=\"+Inf\"} 2\n"));
    EXPECT_THAT(text, HasSubstr("_sum{" + labels + "} 0.003\n"));
    EXPECT_THAT(text, HasSubstr("_count{" + labels + "} 2\n"));
}

TEST_F(StatusTest, PeopleSeeWhatEachWorkerDoes) {
    const std::string text = status_text(facts_);

    EXPECT_THAT(text, HasSubstr("shop, ready, up 1d 1h, generation 3\n"));
    EXPECT_THAT(text, HasSubstr("requests     5  2xx 5\n"));
    EXPECT_THAT(
        text, HasSubstr("connections  3 of 100: 1 sending the answer, 2 waiting for a request\n"));
    EXPECT_THAT(
        text,
        HasSubstr("app main: 2 workers, 1 busy; 4 of at most 512 wait, the oldest for 1.5s\n"));
    EXPECT_THAT(text,
                HasSubstr("  0       10       idle        3h 0m      1234    50 MB    12.0s\n"));
    EXPECT_THAT(text, HasSubstr("  2.1s  GET /\\x1B[2J  01JD\n"));
    EXPECT_THAT(
        text,
        HasSubstr(
            "certificate  /etc/a.pem for a.example, b.example: expires on 2023-11-16, in 2d 0h\n"));
    EXPECT_THAT(text, HasSubstr("ended        1 worker of app main: SIGSEGV\n"));
}

TEST_F(StatusTest, WhatClientsSendIsEscapedInJson) {
    const std::string text = status_json(facts_);

    EXPECT_THAT(text, HasSubstr(R"({"line": "GET /\u001b[2J", "id": "01JD", "seconds": 2.100})"));
    EXPECT_THAT(text, HasSubstr(R"("site": "a\u0022\u005c\u000a")"));
    EXPECT_THAT(text, Not(HasSubstr("\x1b")));
}

TEST_F(StatusTest, JsonTellsOfTrafficTimesAndEvents) {
    events_.add(RecentEvents::Kind::Trouble, "a worker died", facts_.now, 2);
    table_.of_route("b", "/")->parts.back().add(std::chrono::milliseconds{3});
    traffic_.look(table_, Traffic::Moment(seconds{1}));
    traffic_.look(table_, Traffic::Moment(seconds{2}));
    traffic_.look(table_, Traffic::Moment(seconds{3}));

    const std::string text = status_json(facts_);

    EXPECT_THAT(text, HasSubstr(R"({"at": "2023-11-14T22:13:20Z", "kind": "trouble", )"
                                R"("text": "a worker died", "count": 2})"));
    EXPECT_THAT(text, HasSubstr(R"("total": 0.003000, "buckets": [0, 0, 1, 0, )"));
    EXPECT_THAT(text, HasSubstr(R"("traffic": {"requests": 0.00, "failed": 0.00, "seconds": {)"
                                R"("read": 0.000000, "queue": 0.000000, "app_first": 0.000000, )"));
    EXPECT_EQ(traffic_json({}), "[\n\n]");
    EXPECT_THAT(traffic_json(traffic_), HasSubstr("\n{\"requests\": 0.00"));
}

TEST_F(StatusTest, TheScreenOfTopHasRatesRoutesAndEvents) {
    events_.add(RecentEvents::Kind::Note, "generation 3 serves", facts_.now);
    table_.of_route("b", "/slow/")->parts.back().add(std::chrono::milliseconds{1'500});

    const std::string text = status_screen(facts_);

    EXPECT_THAT(text, HasSubstr("shop, ready, up 1d 1h, generation 3\n"));
    EXPECT_THAT(text, HasSubstr("\nrequests     0/s "));
    EXPECT_THAT(text, HasSubstr("  b /slow/"));
    EXPECT_THAT(text, HasSubstr("  2023-11-14T22:13:20Z  generation 3 serves\n"));
    EXPECT_THAT(text,
                HasSubstr("  0       10       idle        3h 0m      1234    50 MB    12.0s\n"));
}

}  // namespace bundle
