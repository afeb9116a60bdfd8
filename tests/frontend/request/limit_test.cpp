#include "frontend/request/limit.hpp"

#include <gtest/gtest.h>

#include <set>

namespace bundle {

namespace {

Config some_config() {
    Config config;
    config.http.max_request_line = 8_KiB;
    config.http.head_timeout = seconds(15);
    config.http.body_min_rate = {240};
    config.http.max_headers = 100;
    config.server.temp_min_free = 64_MiB;
    return config;
}

}  // namespace

TEST(Limit, IsToldWithItsOptionAndItsValue) {
    const Config config = some_config();

    EXPECT_EQ(limit_text(Limit::RequestLine, config),
              "request line longer than http.max_request_line (8K)");
    EXPECT_EQ(limit_text(Limit::HeadTimeout, config),
              "head not complete within http.head_timeout (15s)");
    EXPECT_EQ(limit_text(Limit::FieldCount, config), "more fields than http.max_headers (100)");
    EXPECT_EQ(limit_text(Limit::BodyMinRate, config),
              "sends its body more slowly than http.body_min_rate (240/s)");
    EXPECT_EQ(limit_text(Limit::TempMinFree, config),
              "its body would leave less disk than server.temp_min_free (64M)");
}

TEST(Limit, OfAQueueNamesItsApplication) {
    AppConfig app;
    app.name = "shop";
    app.queue.max = 512;

    EXPECT_EQ(limit_text(Limit::QueueMax, {}, &app),
              "more requests wait than app.shop.queue.max (512)");
}

TEST(Limit, OfARouteIsToldAsItsOwn) {
    const Config config = some_config();
    HttpConfig here = config.http;
    here.max_body = 1_KiB;

    EXPECT_EQ(limit_text(Limit::Body, config, nullptr, &here),
              "body larger than max_body (1K) of its site or route");
    EXPECT_EQ(limit_text(Limit::FieldCount, config, nullptr, &here),
              "more fields than http.max_headers (100)");
}

TEST(Limit, EveryOneHasARowOfItsOwn) {
    AppConfig app;
    std::set<std::string> options;
    for (std::size_t i = 1; i < kLimitCount; ++i) {
        const auto limit = static_cast<Limit>(i);
        EXPECT_TRUE(options.insert(std::string(limit_option(limit))).second) << i;
        EXPECT_FALSE(limit_text(limit, {}, &app).empty());
    }
}

}  // namespace bundle
