#include "shared/status/workers_text.hpp"

#include <gmock/gmock.h>

#include "shared/status/each_app.hpp"
#include "shared/status/workers_json.hpp"

namespace bundle {

namespace {

using testing::HasSubstr;

AppWorkers app_with(std::vector<WorkerFacts> workers) {
    return {"shop", 2, 2, 1, std::move(workers)};
}

}  // namespace

TEST(WorkersText, TheHeadingTellsHowManyAreMissing) {
    AppWorkers app = app_with({
        {.slot = 0},
        {.slot = 1, .state = wire::WorkerState::Booting}
    });

    EXPECT_EQ(workers_heading(app), "app shop: 1 of 2 workers, 0 busy");
    app.wanted = 1;
    EXPECT_EQ(workers_heading(app), "app shop: 1 workers (2 configured), 0 busy");
    app.configured = {1, 4};
    app.threads = 2;
    EXPECT_EQ(workers_heading(app),
              "app shop: 1 workers (1 to 4 configured) with 2 threads, 0 busy");
}

TEST(WorkersText, EachWorkerHasALine) {
    const AppWorkers app = app_with({
        {.slot = 0, .pid = 10, .memory = 31 << 20},
        {.slot = 1, .pid = 11, .state = wire::WorkerState::Booting},
        {.slot = 2, .pid = 12, .leaving = true},
        {.slot = 3,
         .pid = 13,
         .state = wire::WorkerState::Busy,
         .overdue = true,
         .request = "GET /\x1b[2J",
         .request_id = "01JD",
         .busy_for = FloatSeconds(2.1)},
        {.slot = 4, .pid = 14, .state = wire::WorkerState::Busy}
    });

    EXPECT_EQ(
        workers_table(app),
        "  worker  pid      state         age  requests   memory      cpu  does\n"
        "  0       10       idle         0.0s         0    31 MB\n"
        "  1       11       booting      0.0s         0\n"
        "  2       12       leaving      0.0s         0\n"
        "  3       13       overdue      0.0s         0                    2.1s  GET /\\x1B[2J  "
        "01JD\n"
        "  4       14       busy         0.0s         0                    0.0s  nobody wants "
        "its answer any more\n");
}

TEST(WorkersText, WhereNoAppIsThatIsSaid) {
    EXPECT_EQ(text_of_apps(std::vector<AppWorkers>(), workers_text), "no application is served\n");
    EXPECT_EQ(json_of_apps(std::vector<AppWorkers>(), workers_members), "[\n\n]");
}

TEST(WorkersJson, ProgramsAreToldTheSame) {
    const std::string text = json_of_apps(
        std::vector{
            app_with({{.slot = 1,
                       .pid = 13,
                       .state = wire::WorkerState::Busy,
                       .overdue = true,
                       .request = "GET /\"",
                       .request_id = "01JD",
                       .busy_for = FloatSeconds(2.1),
                       .age = FloatSeconds(60),
                       .requests = 5,
                       .cpu = FloatSeconds(0.25)}}
            )
    },
        workers_members);

    EXPECT_THAT(text, HasSubstr(R"({"name": "shop", "workers_min": 2, "workers_max": 2, )"
                                R"("workers_wanted": 2, "threads": 1, "busy": 1, "workers": [)"));
    EXPECT_THAT(text, HasSubstr(R"("state": "busy", "leaving": false, "overdue": true, )"
                                R"("age_seconds": 60.000, "requests": 5, "memory": null, )"
                                R"("cpu_seconds": 0.250, "request": {"line": "GET /\u0022", )"
                                R"("id": "01JD", "seconds": 2.100})"));
}

}  // namespace bundle
