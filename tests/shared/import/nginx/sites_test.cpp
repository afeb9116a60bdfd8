#include "shared/import/nginx/sites.hpp"

#include "tests/shared/import/imported.hpp"

namespace bundle::imported {

namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* kApp = "location / { proxy_pass http://127.0.0.1:8000; }";

std::string with_app(const std::string& server) {
    std::string text = server;
    for (auto at = text.find("APP"); at != std::string::npos; at = text.find("APP"))
        text.replace(at, 3, kApp);
    return text;
}

Config config(const std::string& servers) { return config_of(nginx(with_app(servers))); }

constexpr const char* kTls = "listen 443 ssl; ssl_certificate /c.pem; ssl_certificate_key /k.pem;";

std::string tls(const std::string& rest) { return std::string("server { ") + kTls + rest + " }"; }

TEST(NginxSites, NamesBecomeHostsAndADotInFrontIsTwo) {
    const Config read = config(
        "server { listen 80 default_server; return 444; }"
        "server { server_name Shop.example .wiki.example; APP }");

    ASSERT_EQ(read.sites.size(), 1U);
    EXPECT_THAT(read.sites[0].hosts, ElementsAre("shop.example", "wiki.example", "*.wiki.example"));
    EXPECT_EQ(read.server.unknown_host, "close");
    EXPECT_EQ(read.sites[0].app, "main");
}

TEST(NginxSites, DotsAtTheEndOfANameAreNoPartOfIt) {
    const Config read = config("server { server_name a.example.. ...; APP }");

    EXPECT_THAT(read.sites.at(0).hosts, ElementsAre("a.example"));
}

TEST(NginxSites, TheFirstServerAnswersForUnknownHostsWhereNoneIsTheDefault) {
    EXPECT_EQ(config("server { server_name a.example; APP } server { server_name b.example; APP }")
                  .server.unknown_host,
              "a.example");
    EXPECT_EQ(config("server { server_name a.example; APP } server { listen 80 default_server; "
                     "server_name b.example; APP }")
                  .server.unknown_host,
              "b.example");
}

TEST(NginxSites, AServerWithoutNamesIsTheSiteOfEveryHost) {
    const Config read = config("server { listen 80 default_server; server_name _; APP }");

    ASSERT_EQ(read.sites.size(), 1U);
    EXPECT_TRUE(read.sites[0].hosts.empty());
}

TEST(NginxSites, AServerThatLeadsToHttpsBecomesAnOptionOfTheOther) {
    for (const std::string redirecting :
         {"return 301 https://$host$request_uri;", "return 301 https://$server_name$request_uri;",
          "location / { return 301 https://$host$request_uri; }",
          "rewrite ^ https://$host$request_uri? permanent;",
          "if ($host = a.example) { return 301 https://$host$request_uri; } return 404;"}) {
        const Import read = nginx(with_app("server { listen 80; server_name a.example; " +
                                           redirecting + " }" + tls("server_name a.example; APP")));
        const Config made = config_of(read);

        ASSERT_EQ(made.sites.size(), 1U) << redirecting;
        EXPECT_EQ(made.sites[0].https, HttpsMode::Redirect) << redirecting;
        EXPECT_EQ(made.listen.size(), 2U);
        EXPECT_TRUE(made.sites[0].routes.empty());
    }
}

TEST(NginxSites, ADefaultThatLeadsToHttpsIsForAllSites) {
    const Config read = config(
        "server { listen 80 default_server; server_name _; return 301 https://$host$request_uri; "
        "location /.well-known/acme-challenge/ { root /var/www/acme; } }" +
        tls("server_name a.example; APP") + tls("server_name b.example; APP"));

    ASSERT_EQ(read.sites.size(), 2U);
    EXPECT_EQ(read.sites[1].https, HttpsMode::Redirect);
    EXPECT_EQ(read.server.unknown_host, "a.example");
    EXPECT_EQ(read.sites[0].routes.at(0).path, "/.well-known/acme-challenge/");
}

TEST(NginxSites, ADefaultThatLeadsToHttpsIsNotForSitesThatAreServedByHttp) {
    const Config read = config(
        "server { listen 80 default_server; server_name _; return 301 https://$host$request_uri; "
        "}" +
        tls("server_name a.example; APP") +
        "server { listen 80; server_name b.example; APP }"
        "server { listen 80; listen 443 ssl; server_name c.example; APP }");

    ASSERT_EQ(read.sites.size(), 3U);
    for (const SiteConfig& site : read.sites)
        EXPECT_EQ(site.https == HttpsMode::Redirect, site.hosts.front() == "a.example")
            << site.hosts.front();
}

TEST(NginxSites, WhatListensOnThisMachineAloneIsForThisMachineAlone) {
    const std::string open = "server { listen 80; server_name a.example; APP }";
    const Import read =
        nginx(with_app(
            open + "server { listen 127.0.0.1:81; listen unix:/run/b.sock; server_name b.example; "
                   "location /x/ { allow 10.0.0.0/8; allow 127.0.0.1; deny all; proxy_pass "
                   "http://127.0.0.1:8000; } location /y/ { allow 10.0.0.0/8; deny all; proxy_pass "
                   "http://127.0.0.1:8000; } APP }"));
    const Config made = config_of(read);

    EXPECT_THAT(made.sites.at(0).scope.allow, ElementsAre());
    EXPECT_THAT(made.sites.at(1).scope.allow, ElementsAre("loopback", "unix"));
    EXPECT_THAT(made.sites.at(1).routes.at(0).scope.allow, ElementsAre("127.0.0.1"));
    EXPECT_THAT(made.sites.at(1).routes.at(1).scope.deny, ElementsAre("*"));
    EXPECT_THAT(told_of(read, "listen 127.0.0.1:81", Fate::Differs), HasSubstr("this machine"));
    EXPECT_THAT(config("server { listen 127.0.0.1:81; server_name b.example; APP }")
                    .sites.at(0)
                    .scope.allow,
                ElementsAre());
    EXPECT_THAT(told_of(nginx(with_app(open + "server { listen 10.0.0.5:80; server_name "
                                              "b.example; APP }")),
                        "listen 10.0.0.5:80", Fate::Differs),
                HasSubstr("0.0.0.0:80, too"));
}

TEST(NginxSites, TheUpstreamOfAnotherApplicationIsMissing) {
    const Import read = nginx(
        "upstream one { server 127.0.0.1:8000; } upstream two { server 127.0.0.1:9000; } server { "
        "server_name a.example; location / { proxy_pass http://one; } } server { server_name "
        "b.example; location / { proxy_pass http://two; } }");

    EXPECT_THAT(told_of(read, "server 127.0.0.1:8000", Fate::NotNeeded), HasSubstr("workers"));
    EXPECT_THAT(told_of(read, "server 127.0.0.1:9000", Fate::NotTranslated),
                HasSubstr("another application"));
    EXPECT_EQ(config_of(read).sites.at(1).app, "");
}

TEST(NginxSites, AHostThatLeadsToAnotherIsASiteWithARedirect) {
    const Config read = config(
        "server { server_name www.a.example; return 301 http://a.example$request_uri; }"
        "server { server_name a.example; APP }");

    ASSERT_EQ(read.sites.size(), 2U);
    EXPECT_EQ(read.sites[0].routes.at(0).redirect, "http://a.example$request_uri");
}

TEST(NginxSites, TwoServersOfOneHostAreOneSiteAndThatIsTold) {
    const Import read =
        nginx(with_app("server { listen 80; server_name a.example; root /srv/old; }"
                       "server { listen 8080; server_name a.example; APP }"));

    EXPECT_EQ(config_of(read).sites.size(), 1U);
    EXPECT_THAT(told_of(read, "server", Fate::Contradicted),
                HasSubstr("a.example has a site already"));
}

TEST(NginxSites, NamesThatBundleCannotKnowLeaveTheServerOut) {
    const Import read = nginx(
        with_app("server { server_name a.example; APP } server { server_name ~^u\\d+$; APP }"));

    EXPECT_EQ(config_of(read).sites.size(), 1U);
    EXPECT_THAT(told_of(read, "server_name", Fate::NotTranslated), HasSubstr("regular expression"));
    EXPECT_THAT(told_of(read, "server", Fate::NotTranslated),
                HasSubstr("no site can have the hosts"));
}

std::vector<std::string> addresses(const std::string& listens) {
    std::vector<std::string> found;
    for (const ListenConfig& listen :
         config("server { " + listens + " server_name a.example; APP }").listen)
        found.push_back(listen.address + (listen.tls ? " tls" : ""));
    return found;
}

TEST(NginxSites, ListenersAreThoseOfAllServers) {
    EXPECT_THAT(addresses("listen 80;"), ElementsAre("0.0.0.0:80"));
    EXPECT_THAT(addresses("listen 80; listen [::]:80;"), ElementsAre(":80"));
    EXPECT_THAT(addresses("listen *:8080; listen 127.0.0.1:8080;"), ElementsAre("0.0.0.0:8080"));
    EXPECT_THAT(addresses("listen 127.0.0.1;"), ElementsAre("127.0.0.1:80"));
    EXPECT_THAT(addresses("listen [::1]:81 ipv6only=on deferred;"), ElementsAre("[::1]:81"));
    EXPECT_THAT(addresses("listen unix:/run/web.sock;"), ElementsAre("unix:/run/web.sock"));
    EXPECT_THAT(
        addresses("listen 443 ssl http2; ssl_certificate /c.pem; ssl_certificate_key /k.pem;"),
        ElementsAre("0.0.0.0:443 tls"));
}

TEST(NginxSites, TlsIsTakenFromAllServersAndWhatContradictsIsTold) {
    const Import read = nginx(
        with_app("ssl_protocols TLSv1.2 TLSv1.3;" +
                 tls("server_name a.example; ssl_ciphers HIGH:!aNULL; ssl_verify_client on; "
                     "ssl_client_certificate ca.pem; APP") +
                 "server { listen 443 ssl; server_name b.example; ssl_certificate b.pem; "
                 "ssl_certificate_key b.key; ssl_ciphers MEDIUM; ssl_session_tickets off; APP }"));
    const Config made = config_of(read);

    ASSERT_EQ(made.tls.certificates.size(), 2U);
    EXPECT_EQ(made.tls.certificates[1].certificate, "/etc/nginx/b.pem");
    EXPECT_EQ(made.tls.ciphers, "HIGH:!aNULL");
    EXPECT_EQ(made.tls.client_ca, "/etc/nginx/ca.pem");
    EXPECT_EQ(made.sites.at(0).client_verify, ClientVerify::Require);
    EXPECT_EQ(made.sites.at(1).client_verify, ClientVerify::Off);
    EXPECT_FALSE(made.tls.session_tickets);
    EXPECT_THAT(told_of(read, "ssl_ciphers MEDIUM", Fate::Contradicted), HasSubstr("HIGH:!aNULL"));
}

// What the sites a.example, whose server says this, and b.example ask of clients.
std::vector<ClientVerify> verifies(const std::string& of_http, const std::string& of_server) {
    std::vector<ClientVerify> found;
    const std::string b =
        "server { listen 443 ssl; server_name b.example; ssl_certificate b.pem; "
        "ssl_certificate_key b.key; APP }";
    for (const SiteConfig& site :
         config(of_http + tls("server_name a.example; " + of_server + " APP") + b).sites)
        found.push_back(site.client_verify);
    return found;
}

TEST(NginxSites, EachSiteAsksForCertificatesAsItsServerDid) {
    using enum ClientVerify;
    const std::string ca = "ssl_client_certificate ca.pem; ";

    EXPECT_THAT(verifies(ca, "ssl_verify_client optional;"), ElementsAre(Optional, Off));
    EXPECT_THAT(verifies(ca + "ssl_verify_client on; ", ""), ElementsAre(Require, Require));
    EXPECT_THAT(verifies(ca + "ssl_verify_client on; ", "ssl_verify_client off;"),
                ElementsAre(Off, Require));
    EXPECT_THAT(verifies("", "ssl_verify_client on;"), ElementsAre(Off, Off));
}

TEST(NginxSites, AnotherServersApplicationIsTold) {
    const Import read =
        nginx("server { server_name a.example; location / { proxy_pass http://10.0.0.7:9000; } }");

    EXPECT_THAT(told_of(read, "proxy_pass", Fate::Contradicted), HasSubstr("taken to be the same"));
    EXPECT_EQ(config_of(read).sites.at(0).app, "main");
}

TEST(NginxSites, WithoutAnApplicationItSaysWhatIsMissing) {
    Import out;

    const auto done = import_nginx("/n/c",
                                   files_of({
                                       {"/n/c", with_app("server { APP }")}
    }),
                                   {}, out);

    ASSERT_FALSE(done);
    EXPECT_THAT(done.error().message,
                HasSubstr("/n/c:1: proxy_pass http://127.0.0.1:8000 leads to an application"));
    EXPECT_THAT(done.error().message, HasSubstr("--gunicorn \"MODULE:APP\""));
}

}  // namespace

}  // namespace bundle::imported
