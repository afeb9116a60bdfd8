#include "frontend/observe/request_progress.hpp"

#include <gmock/gmock.h>

namespace bundle {

namespace {

using testing::HasSubstr;
using testing::StartsWith;

RequestsInProgress two() {
    RequestsInProgress requests;
    requests.by_state = {0, 40, 1, 0};
    requests.oldest.push_back({.state = RequestState::Running,
                               .in_state = RequestProgress::FloatSeconds(2.1),
                               .age = RequestProgress::FloatSeconds(2.3),
                               .id = "01JD4F9Y7QK3V8W2M5T6X9ZB0C",
                               .client = "192.0.2.1",
                               .method = "GET",
                               .host = "shop.example",
                               .target = "/\x1b[2J",
                               .site = "shop.example",
                               .route = "/cart/",
                               .app = "main",
                               .worker_pid = 4711});
    requests.oldest.push_back({.state = RequestState::Queued, .id = "x"});
    return requests;
}

}  // namespace

TEST(RequestProgress, PeopleSeeWhereEachRequestIs) {
    EXPECT_EQ(
        requests_text(two()),
        "41 requests in progress: 40 queued, 1 running; the 2 oldest are shown\n"
        "  state         for      age  worker   client           id                          "
        "request\n"
        "  running      2.1s     2.3s  4711     192.0.2.1        01JD4F9Y7QK3V8W2M5T6X9ZB0C  GET "
        "shop.example/\\x1B[2J  on /cart/ of shop.example, app main\n"
        "  queued       0.0s     0.0s           unix             x                           (its "
        "head is not there)\n");
    EXPECT_EQ(requests_text({}), "no request is in progress\n");
}

TEST(RequestProgress, ProgramsAreToldTheSame) {
    const std::string text = requests_json(two());

    EXPECT_THAT(text, StartsWith("{\n\"count\": 41,\n\"states\": {\"reading\": 0, \"queued\": 40, "
                                 "\"running\": 1, \"sending\": 0},\n\"most_listed\": 200,\n"));
    EXPECT_THAT(text, HasSubstr(R"({"state": "running", "state_seconds": 2.100, "seconds": 2.300, )"
                                R"("id": "01JD4F9Y7QK3V8W2M5T6X9ZB0C", "client": "192.0.2.1", )"
                                R"("method": "GET", "host": "shop.example", "target": )"
                                R"("/\u001b[2J", "site": "shop.example", "route": "/cart/", )"
                                R"("app": "main", "worker_pid": 4711})"));
    EXPECT_THAT(text, HasSubstr(R"("client": null, "method": null)"));
}

}  // namespace bundle
