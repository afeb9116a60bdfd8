#include "shared/import/nginx/scope.hpp"

#include "tests/shared/import/imported.hpp"

namespace bundle::imported {

namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* kSite =
    "server_name a.example; root /srv/public; location / { try_files $uri @app; } "
    "location @app { proxy_pass http://127.0.0.1:8000; }";

Import of_server(const std::string& more, const std::string& of_http = "") {
    return nginx(of_http + " server { " + kSite + more + " }");
}

TEST(NginxScope, LimitsAndTimesOfClients) {
    const Config read =
        config_of(of_server("client_max_body_size 4G; client_body_timeout 12; send_timeout 1m; "
                            "client_body_buffer_size 128k;",
                            "keepalive_timeout 5; client_header_timeout 20s; "
                            "large_client_header_buffers 4 16k; underscores_in_headers on;"));

    EXPECT_EQ(read.sites[0].scope.max_body, 4_GiB);
    EXPECT_EQ(read.sites[0].scope.body_timeout, 12s);
    EXPECT_EQ(read.sites[0].scope.send_timeout, 1min);
    EXPECT_EQ(read.sites[0].scope.body_memory, 128_KiB);
    EXPECT_EQ(read.http.keepalive_timeout, 5s);
    EXPECT_EQ(read.http.head_timeout, 20s);
    EXPECT_EQ(read.http.max_request_line, 16_KiB);
    EXPECT_EQ(read.http.underscore_headers, UnderscoreHeaders::Allow);
}

TEST(NginxScope, WhereNothingIsSaidNginxsDefaultsStayWhereTheyAreOthers) {
    const Config read = config_of(of_server(""));

    EXPECT_EQ(read.http.max_body, 1_MiB);
    EXPECT_FALSE(read.sites[0].compression.on);
    EXPECT_TRUE(read.sites[0].index.empty());
    EXPECT_EQ(read.sites[0].root, "/srv/public");
}

TEST(NginxScope, ZeroIsNoLimitAndWhatGoesTooFarIsTold) {
    EXPECT_TRUE(
        config_of(of_server("client_max_body_size 0;")).sites[0].scope.max_body.is_unlimited());
    EXPECT_EQ(config_of(of_server("keepalive_timeout 0;")).http.keepalive_requests, 1U);
    const Import read = of_server("client_body_buffer_size 16m;");
    EXPECT_EQ(config_of(read).sites[0].scope.body_memory, 1_MiB);
    EXPECT_THAT(told_of(read, "client_body_buffer_size", Fate::Differs), HasSubstr("at most 1M"));
}

TEST(NginxScope, WhatStandsInHttpIsForEverySiteThatDoesNotSayItItself) {
    const Config read = config_of(
        of_server("gzip_types text/css;", "gzip on; gzip_comp_level 6; gzip_types text/plain;"));

    EXPECT_TRUE(read.sites[0].compression.on);
    EXPECT_EQ(read.sites[0].compression.gzip_level, 6U);
    EXPECT_THAT(read.sites[0].compression.types, ElementsAre("text/html", "text/css"));
}

TEST(NginxScope, BrotliAndZstdAreCompressionToo) {
    const Import imported = of_server("",
                                      "gzip on; brotli on; brotli_comp_level 11; brotli_types "
                                      "text/css; zstd on; zstd_comp_level 5;");
    const CompressionConfig read = config_of(imported).sites[0].compression;

    EXPECT_TRUE(read.on);
    EXPECT_EQ(read.brotli_level, 9U);
    EXPECT_EQ(read.zstd_level, 5U);
    EXPECT_THAT(read.types, ElementsAre("text/html", "text/css"));
    EXPECT_EQ(told_of(imported, "brotli on", Fate::Translated), "site.gzip");
}

TEST(NginxScope, ErrorPagesAreFoundWhereTheirUriLies) {
    const Config read =
        config_of(of_server("error_page 500 502 /500.html; location = /500.html { root "
                            "/srv/errors; internal; } error_page 404 /no/404.html;"));

    EXPECT_EQ(read.sites[0].scope.errors.at("502"), "/srv/errors/500.html");
    EXPECT_EQ(read.sites[0].scope.errors.at("404"), "/srv/public/no/404.html");
}

TEST(NginxScope, FieldsAndClients) {
    const Import imported = of_server(
        "add_header X-Frame-Options DENY always; add_header X-Host $host; proxy_hide_header "
        "X-Powered-By; allow 10.0.0.0/8; deny all;");
    const Config read = config_of(imported);

    EXPECT_EQ(read.sites[0].scope.headers.append.at("X-Frame-Options"), "DENY");
    EXPECT_THAT(read.sites[0].scope.headers.remove, ElementsAre("X-Powered-By"));
    EXPECT_THAT(read.sites[0].scope.allow, ElementsAre("10.0.0.0/8"));
    EXPECT_TRUE(read.sites[0].scope.deny.empty());
    EXPECT_THAT(told_of(imported, "add_header X-Host", Fate::NotTranslated),
                HasSubstr("no variables"));
    EXPECT_THAT(config_of(of_server("deny all;")).sites[0].scope.deny, ElementsAre("*"));
}

TEST(NginxScope, TheUsualFieldsForTheApplicationAreNotNeeded) {
    const Import read = of_server(
        "proxy_set_header Host $http_host; proxy_set_header X-Forwarded-For "
        "$proxy_add_x_forwarded_for; proxy_set_header X-Tenant blue; proxy_set_header Upgrade "
        "$http_upgrade;");

    EXPECT_THAT(told_of(read, "proxy_set_header Host", Fate::NotNeeded), HasSubstr("by itself"));
    EXPECT_THAT(told_of(read, "proxy_set_header X-Forwarded-For", Fate::NotNeeded),
                HasSubstr("by itself"));
    EXPECT_THAT(told_of(read, "proxy_set_header X-Tenant", Fate::NotTranslated),
                HasSubstr("not changed"));
    EXPECT_THAT(told_of(read, "proxy_set_header Upgrade", Fate::NotTranslated),
                HasSubstr("WebSocket"));
}

TEST(NginxScope, LogsAndTheirFormat) {
    const Import imported =
        of_server("access_log /var/log/a.log main; error_log /var/log/e.log warn;",
                  "log_format main '$remote_addr [$time_local] ' '\"$request\" $status';");
    const Config read = config_of(imported);

    EXPECT_EQ(read.log.access.path, "/var/log/a.log");
    EXPECT_EQ(read.log.access.format, "$remote_addr [$time_local] \"$request\" $status");
    EXPECT_EQ(read.log.path, "/var/log/e.log");
    EXPECT_THAT(told_of(imported, "error_log", Fate::Differs), HasSubstr("info"));
    EXPECT_FALSE(config_of(of_server("access_log off;")).sites[0].scope.access_log);
}

TEST(NginxScope, TrustedProxies) {
    const Config read = config_of(of_server(
        "", "set_real_ip_from 10.0.0.0/8; real_ip_header X-Real-IP; real_ip_recursive on;"));

    EXPECT_THAT(read.trust.proxies, ElementsAre("10.0.0.0/8"));
    EXPECT_EQ(read.trust.client_ip_header, "x-real-ip");
}

TEST(NginxScope, EverythingElseIsToldWithItsReason) {
    const Import read = of_server(
        "limit_req zone=one burst=5; auth_basic Members; sub_filter a b; lua_code_cache on; "
        "no_such 1;",
        "map $a $b { x y; } worker_processes auto; sendfile on;");

    EXPECT_THAT(told_of(read, "limit_req", Fate::NotTranslated), HasSubstr("no rate limits yet"));
    EXPECT_THAT(told_of(read, "auth_basic", Fate::NotTranslated), HasSubstr("passwords"));
    EXPECT_THAT(told_of(read, "map", Fate::NotTranslated), HasSubstr("variables"));
    EXPECT_THAT(told_of(read, "no_such 1", Fate::NotTranslated), HasSubstr("does not know it"));
    EXPECT_THAT(told_of(read, "worker_processes auto", Fate::NotNeeded), HasSubstr("event loop"));
    EXPECT_THAT(told_of(read, "sendfile on", Fate::NotNeeded), HasSubstr("by itself"));
}

}  // namespace

}  // namespace bundle::imported
