#include "shared/config/log_place.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/un.h>

namespace bundle {

namespace {

std::string path_of(const LogService& service) {
    return static_cast<const char*>(
        reinterpret_cast<const sockaddr_un*>(&service.address.storage)->sun_path);
}

int port_of(const LogService& service) {
    return ntohs(reinterpret_cast<const sockaddr_in*>(&service.address.storage)->sin_port);
}

}  // namespace

TEST(LogPlace, SyslogIsTheMachinesOwnUnlessItSaysOtherwise) {
    const LogService service = parse_log_service("syslog:", "my shop").value();

    EXPECT_EQ(path_of(service), "/dev/log");
    EXPECT_EQ(service.facility, 3U);
    EXPECT_EQ(service.tag, "my_shop");
    EXPECT_FALSE(service.is_stream);
}

TEST(LogPlace, SyslogIsWrittenAsNginxHasIt) {
    const LogService service =
        parse_log_service("syslog:server=10.0.0.5:5514,facility=local7,tag=shop", "x").value();

    EXPECT_EQ(service.address.family(), AF_INET);
    EXPECT_EQ(port_of(service), 5514);
    EXPECT_EQ(service.facility, 23U);
    EXPECT_EQ(service.tag, "shop");
}

TEST(LogPlace, TheServerMayBeReachedByTcpAndHasAPortOfItsOwn) {
    EXPECT_TRUE(parse_log_service("syslog:server=tcp:10.0.0.5:601", "x")->is_stream);
    EXPECT_EQ(port_of(*parse_log_service("syslog:server=10.0.0.5", "x")), 514);
    EXPECT_EQ(parse_log_service("syslog:server=[::1]", "x")->address.family(), AF_INET6);
    EXPECT_EQ(parse_log_service("syslog:server=udp:[::1]:514", "x")->address.family(), AF_INET6);
    EXPECT_EQ(path_of(*parse_log_service("syslog:server=unix:/run/log.sock", "x")),
              "/run/log.sock");
}

TEST(LogPlace, JournaldHasASocketOfItsOwn) {
    EXPECT_EQ(path_of(*parse_log_service("journald", "x")), "/run/systemd/journal/socket");
    EXPECT_EQ(path_of(*parse_log_service("journald:/run/systemd/journal.shop/socket", "x")),
              "/run/systemd/journal.shop/socket");
}

TEST(LogPlace, WhatCannotWorkIsRefused) {
    for (const char* bad :
         {"syslog:server=log.example:514", "syslog:server=unix:log",
          "syslog:server=", "syslog:10.0.0.5", "syslog:facility=kern", "syslog:facility=local9",
          "syslog:tag=a b", "syslog:severity=info", "journald:socket", "syslog:server=10.0.0.5:0"})
        EXPECT_FALSE(parse_log_service(bad, "x")) << bad;
}

TEST(LogPlace, AnythingElseIsAPath) {
    for (const char* path : {"-", "/var/log/shop.log", "syslog", "journald.log"})
        EXPECT_FALSE(names_log_service(path)) << path;
}

}  // namespace bundle
