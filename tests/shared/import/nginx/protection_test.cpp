#include "shared/import/nginx/protection.hpp"

#include <fmt/format.h>

#include "tests/shared/import/imported.hpp"

namespace bundle::imported {

namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kFiles =
    "server {{ server_name a.example; root /srv/public; {} location / {{ try_files $uri $uri/ "
    "=404; {} }} }}";

Import files(const std::string& of_server, const std::string& of_main = "") {
    return nginx(fmt::format(fmt::runtime(kFiles), of_server, of_main));
}

// Each route as "path: what it does".
std::vector<std::string> protected_routes(const Import& imported) {
    std::vector<std::string> found;
    const Config read = config_of(imported);
    for (const RouteConfig& route : read.sites.at(0).routes) {
        const ScopeConfig& scope = route.scope;
        std::string does = route.returned ? fmt::format("{}", route.returned) : "open";
        if (!scope.deny.empty() || !scope.allow.empty())
            does += fmt::format(" allow {} deny {}", fmt::join(scope.allow, " "),
                                fmt::join(scope.deny, " "));
        found.push_back(route.path + ": " + does);
    }
    return found;
}

std::vector<std::string> closed_to(const Import& imported) {
    return config_of(imported).sites.at(0).scope.deny;
}

TEST(NginxProtection, RegularExpressionsThatRefuseGoOnRefusing) {
    EXPECT_THAT(protected_routes(files("location ~ ^/uploads/.*\\.(php|sql)$ { deny all; }")),
                ElementsAre("/uploads/**.php: 403", "/uploads/**.sql: 403"));
    EXPECT_THAT(protected_routes(files("location ~ ^/(admin|private)/ { deny all; return 404; }")),
                ElementsAre("/admin/: 404", "/private/: 404"));
    EXPECT_THAT(protected_routes(files("location ~* \\.(sql)$ { deny all; }")),
                ElementsAre("*.sql: 403", "*.SQL: 403", "*.Sql: 403"));
    EXPECT_THAT(protected_routes(files("location ~ ^/x/\\d+/raw { internal; }")),
                ElementsAre("/x/?*/raw**: 404"));
    EXPECT_THAT(
        told_of(files("location ~ ^/uploads/.*\\.php$ { deny all; }"), "location", Fate::NotNeeded),
        "nothing");
}

TEST(NginxProtection, WhatNoRouteCanRefuseIsToldLoudly) {
    const Import read = files("location ~ \"^/[a-f0-9]{32}$\" { deny all; }");

    EXPECT_THAT(told_of(read, "location", Fate::Opened), HasSubstr("no route can be for it"));
    EXPECT_THAT(read.findings.text(), HasSubstr("WAS REFUSED, IS OPEN NOW"));
}

TEST(NginxProtection, NamesWithADotInFrontAreNotFoundAnyway) {
    const Import read = files("location ~ /\\.(?!well-known) { deny all; }");

    EXPECT_THAT(protected_routes(read), IsEmpty());
    EXPECT_THAT(told_of(read, "location", Fate::NotNeeded), HasSubstr("dot"));
}

TEST(NginxProtection, WhatAsksForAPasswordIsClosed) {
    for (const std::string asks :
         {"auth_basic x;", "auth_request /auth;", "auth_jwt x;",
          "allow 10.0.0.0/8; deny all; auth_basic x;", "limit_except GET { deny all; }",
          "if ($http_x_key != secret) { return 403; }",
          "if ($ssl_client_verify != SUCCESS) { return 403; }",
          "if ($is_blocked) { return 444; }"}) {
        EXPECT_THAT(protected_routes(files("location /docs/ { " + asks + " }")),
                    ElementsAre("/docs/: open allow  deny *"))
            << asks;
        EXPECT_THAT(closed_to(files("", asks)), ElementsAre("*")) << asks;
    }
    const Import of_server = files("auth_basic x; location /docs/ { }");
    EXPECT_THAT(closed_to(of_server), ElementsAre("*"));
    EXPECT_THAT(told_of(of_server, "auth_basic x", Fate::Closed), HasSubstr("the site"));
    EXPECT_THAT(of_server.draft.text(), HasSubstr(": closed until you decide"));
    EXPECT_THAT(protected_routes(of_server), ElementsAre("/docs/: open allow  deny *"));
}

TEST(NginxProtection, WhatStandsInHttpProtectsAllSites) {
    const Import read =
        nginx("auth_request /auth; server { server_name a.example; root /srv/public; }");

    EXPECT_THAT(closed_to(read), ElementsAre("*"));
}

TEST(NginxProtection, WhatWasOpenBesideItStaysOpen) {
    const Import of_server = files("auth_basic x; location /open/ { auth_basic off; }");
    EXPECT_THAT(protected_routes(of_server), ElementsAre("/open/: open"));
    EXPECT_THAT(protected_routes(files("location /static/ { }", "auth_basic x;")),
                ElementsAre("/static/: open"));
    EXPECT_THAT(protected_routes(files("location /static/ { }", "allow 10.0.0.0/8; deny all;")),
                ElementsAre("/static/: open"));
    EXPECT_THAT(protected_routes(files("deny all; location /x/ { allow all; }")),
                ElementsAre("/x/: open"));
}

TEST(NginxProtection, AnAddressThatWasEnoughStillIs) {
    const Import read =
        files("location /docs/ { satisfy any; allow 10.0.0.0/8; deny all; auth_basic x; }");

    EXPECT_THAT(protected_routes(read), ElementsAre("/docs/: open allow 10.0.0.0/8 deny "));
}

TEST(NginxProtection, ConditionsOnWhatAnyClientSaysAreToldNotClosed) {
    for (const std::string condition :
         {"if ($http_user_agent ~* (wget|curl)) { return 403; }",
          "if ($request_method !~ ^(GET|POST)$) { return 405; }", "if ($bad) { return 403; }"}) {
        const Import read = nginx(
            "map $http_user_agent $bad { default 0; } server { server_name "
            "a.example; root /srv/public; " +
            condition + " }");

        EXPECT_THAT(closed_to(read), IsEmpty()) << condition;
        EXPECT_THAT(told_of(read, "if", Fate::Opened), HasSubstr("comes in now")) << condition;
    }
    EXPECT_THAT(closed_to(files("if (-f /srv/off) { return 404; } if ($off) { return 503; }")),
                IsEmpty());
}

TEST(NginxProtection, ALocationThatRefusesNeedsNoFolder) {
    const Import read = nginx(
        "server { server_name a.example; location /private { deny all; } location /o/ { allow "
        "10.0.0.0/8; deny all; proxy_pass http://10.0.0.7; } location / { proxy_pass "
        "http://127.0.0.1:8000; } }");

    EXPECT_THAT(protected_routes(read),
                ElementsAre("/private: 403", "/private**: 403", "/o/: 403"));
}

TEST(NginxProtection, ScriptsThatAnotherServerRanAreNotSentAsFiles) {
    EXPECT_THAT(protected_routes(files("location ~ \\.php$ { fastcgi_pass unix:/run/php.sock; }")),
                ElementsAre("*.php: 404"));
}

TEST(NginxProtection, PatternsThatAPrefixComesBeforeAreTold) {
    const std::string regex = "location ~ \\.sql$ { deny all; } ";
    const Import read = files(regex + "location /static/ { }");
    EXPECT_THAT(told_of(read, "location", Fate::Opened),
                HasSubstr("below /static/: prefixes come before"));
    EXPECT_THAT(told_of(files(regex + "location ^~ /static/ { }"), "location", Fate::Opened),
                "nothing");
}

TEST(NginxProtection, TheFirstLineThatHoldsStillDecides) {
    const Config read = config_of(files("deny all; allow 10.0.0.0/8;"));
    EXPECT_THAT(read.sites.at(0).scope.allow, IsEmpty());
    EXPECT_THAT(read.sites.at(0).scope.deny, ElementsAre("*"));
    EXPECT_THAT(
        config_of(files("deny 10.0.0.0/8; allow 10.1.2.3; allow all;")).sites.at(0).scope.allow,
        IsEmpty());
}

TEST(NginxProtection, AnAppBehindAPasswordIsClosedWithItsSite) {
    const Import read = nginx(
        "server { server_name a.example; root /srv/public; location / { try_files $uri @app; } "
        "location /media/ { try_files $uri @app; } "
        "location @app { auth_basic x; proxy_pass http://127.0.0.1:8000; } }");

    EXPECT_THAT(closed_to(read), ElementsAre("*"));
    EXPECT_THAT(protected_routes(read), ElementsAre("/media/: open allow  deny *"));
}

}  // namespace

}  // namespace bundle::imported
