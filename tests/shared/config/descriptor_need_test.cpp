#include "shared/config/descriptor_need.hpp"

#include <gtest/gtest.h>

namespace bundle {

namespace {

Config with_connections(std::uint32_t connections) {
    Config config;
    config.server.max_connections = connections;
    config.listen.resize(2);
    config.apps.resize(1);
    config.apps[0].workers = 5;
    return config;
}

}  // namespace

TEST(DescriptorNeed, WhatIsNeededAllowsAllConnections) {
    const Config config = with_connections(65536);

    EXPECT_EQ(connections_allowed(config, descriptor_need(config)), 65536U);
    EXPECT_EQ(connections_allowed(config, descriptor_need(config) - 1), 65535U);
}

TEST(DescriptorNeed, MoreDescriptorsAllowNoMoreThanIsConfigured) {
    EXPECT_EQ(connections_allowed(with_connections(10), 1'000'000), 10U);
}

TEST(DescriptorNeed, EvenAFewDescriptorsAllowAFewConnections) {
    EXPECT_EQ(connections_allowed(with_connections(65536), 64), 16U);
}

}  // namespace bundle
