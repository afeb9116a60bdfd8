#include "frontend/request/proxy_claims.hpp"

#include <gtest/gtest.h>

namespace bundle {

namespace {

TrustRules rules_with(const std::string& field,
                      std::map<std::string, std::string> scheme_headers = {
                          {"x-forwarded-proto", "https"}
}) {
    Config config;
    config.trust.proxies = {"10.0.0.0/8"};
    config.trust.client_ip_header = field;
    config.trust.scheme_headers = std::move(scheme_headers);
    return make_trust_rules(config).value();
}

// What is believed of these fields from a trusted peer: "ADDRESS PORT SCHEME HOST ASKED-PORT", "-"
// for what is not said; or why the request is refused.
std::string believed(const Headers& fields, const TrustRules& rules) {
    RequestHead head;
    head.fields = fields;
    ProxyClaims claims;
    if (const auto refusal = read_claims(head, rules, claims)) {
        EXPECT_EQ(refusal->status, 400);
        return std::string(refusal->reason);
    }
    std::string text;
    for (const std::string_view part :
         {claims.address.view(), claims.port, claims.scheme, claims.host, claims.asked_port}) {
        if (!text.empty()) text += ' ';
        text += part.empty() ? "-" : part;
    }
    return text;
}

std::string client_of(const Headers& fields) {
    const std::string all = believed(fields, rules_with("x-forwarded-for"));
    return all.substr(0, all.find(" -"));
}

std::string forwarded(std::string_view value) {
    return believed(
        {
            {"forwarded", value}
    },
        rules_with("Forwarded"));
}

constexpr std::string_view kDisagree = "a trusted proxy's fields disagree about the scheme";

}  // namespace

TEST(ProxyClaims, TheClientIsTheLastAddressThatIsNoTrustedProxys) {
    EXPECT_EQ(client_of({
                  {"x-forwarded-for", "192.0.2.1"}
    }),
              "192.0.2.1");
    EXPECT_EQ(client_of({
                  {"x-forwarded-for", "6.6.6.6, 192.0.2.1, 10.0.0.7,10.0.0.8"}
    }),
              "192.0.2.1");
    EXPECT_EQ(client_of({
                  {"x-forwarded-for", "6.6.6.6"  },
                  {"x-forwarded-for", "192.0.2.1"},
                  {"x-forwarded-for", "10.0.0.7" }
    }),
              "192.0.2.1")
        << "several lines are one list";
    EXPECT_EQ(client_of({
                  {"x-forwarded-for", "192.0.2.1:4711"}
    }),
              "192.0.2.1 4711");
    EXPECT_EQ(client_of({
                  {"x-forwarded-for", "[2001:db8::1]:4711"}
    }),
              "2001:db8::1 4711");
    EXPECT_EQ(client_of({
                  {"x-forwarded-for", "2001:db8::1 ,, "}
    }),
              "2001:db8::1");
}

TEST(ProxyClaims, WhenAllAreTrustedTheClientIsTheFirst) {
    EXPECT_EQ(client_of({
                  {"x-forwarded-for", "10.0.0.1, 10.0.0.2"}
    }),
              "10.0.0.1");
}

TEST(ProxyClaims, WhatIsNoAddressEndsTheWay) {
    EXPECT_EQ(client_of({
                  {"x-forwarded-for", "192.0.2.1, unknown, 10.0.0.2"}
    }),
              "10.0.0.2");
    EXPECT_EQ(client_of({
                  {"x-forwarded-for", "192.0.2.1, evil\"name"}
    }),
              "-")
        << "the peer itself";
    EXPECT_EQ(client_of({
                  {"x-forwarded-for", ""}
    }),
              "-");
    EXPECT_EQ(client_of({}), "-");
}

TEST(ProxyClaims, TheWayIsNoLongerThanAnyRequestsIs) {
    std::string list = "192.0.2.1";
    for (int i = 0; i < 1000; ++i) list += ", 10.0.0.1";

    EXPECT_EQ(client_of({
                  {"x-forwarded-for", list}
    }),
              "10.0.0.1");
}

TEST(ProxyClaims, OtherFieldsNameTheClientOnlyWhereTheyAreConfigured) {
    EXPECT_EQ(client_of({
                  {"x-real-ip", "192.0.2.1"    },
                  {"forwarded", "for=192.0.2.1"}
    }),
              "-");
}

TEST(ProxyClaims, AFieldOfOneAddressHoldsOne) {
    const TrustRules rules = rules_with("X-Real-IP");

    EXPECT_EQ(believed(
                  {
                      {"x-real-ip",       "192.0.2.1"},
                      {"x-forwarded-for", "6.6.6.6"  }
    },
                  rules),
              "192.0.2.1 - - - -");
    EXPECT_EQ(believed(
                  {
                      {"x-real-ip", "6.6.6.6, 192.0.2.1"}
    },
                  rules),
              "a trusted proxy's field of the client's address has none");
    EXPECT_EQ(believed(
                  {
                      {"x-real-ip", "6.6.6.6"  },
                      {"x-real-ip", "192.0.2.1"}
    },
                  rules),
              "a trusted proxy's field of the client's address came twice");
    EXPECT_EQ(believed({}, rules), "- - - - -");
}

TEST(ProxyClaims, ForwardedTellsAllOfOneHop) {
    EXPECT_EQ(forwarded("for=192.0.2.1;proto=https;host=shop.example"),
              "192.0.2.1 - https shop.example -");
    EXPECT_EQ(forwarded("for=6.6.6.6;host=evil.example, "
                        "for=\"[2001:db8::1]:4711\";proto=https;host=shop.example, "
                        "for=10.0.0.7;proto=http;host=inner"),
              "2001:db8::1 4711 https shop.example -");
}

TEST(ProxyClaims, OfAHiddenClientTheSchemeIsKnownStill) {
    EXPECT_EQ(forwarded("for=192.0.2.1, for=_hidden;proto=https"), "- - https - -");
    EXPECT_EQ(forwarded("for=unknown;proto=https"), "- - https - -");
    EXPECT_EQ(forwarded("proto=https"), "- - https - -");
    EXPECT_EQ(forwarded("for=192.0.2.1;host=\"<b>\""), "192.0.2.1 - - - -");
}

TEST(ProxyClaims, AMalformedForwardedIsRefused) {
    EXPECT_EQ(forwarded("for=\"6.6.6.6, for=192.0.2.1"),
              "malformed Forwarded from a trusted proxy");
}

TEST(ProxyClaims, TheSchemeIsWhatItsFieldsAgreeOn) {
    const TrustRules rules = rules_with(
        "x-forwarded-for", {
                               {"x-forwarded-proto", "https"},
                               {"x-forwarded-ssl",   "on"   }
    });
    const auto scheme = [&rules](const Headers& fields) { return believed(fields, rules); };

    EXPECT_EQ(scheme({
                  {"x-forwarded-proto", "HTTPS"}
    }),
              "- - https - -");
    EXPECT_EQ(scheme({
                  {"x-forwarded-proto", "http"}
    }),
              "- - http - -");
    EXPECT_EQ(scheme({
                  {"x-forwarded-proto", "https, https"}
    }),
              "- - https - -");
    EXPECT_EQ(scheme({
                  {"x-forwarded-proto", ""}
    }),
              "- - - - -");
    EXPECT_EQ(scheme({
                  {"x-forwarded-proto", "https"},
                  {"x-forwarded-ssl",   "on"   }
    }),
              "- - https - -");
    EXPECT_EQ(scheme({
                  {"x-forwarded-proto", "https"},
                  {"x-forwarded-ssl",   "off"  }
    }),
              kDisagree);
    EXPECT_EQ(scheme({
                  {"x-forwarded-proto", "https"},
                  {"x-forwarded-proto", "http" }
    }),
              kDisagree);
    EXPECT_EQ(scheme({
                  {"x-forwarded-proto", "https,http"}
    }),
              kDisagree);
}

TEST(ProxyClaims, ForwardedAndTheSchemeFieldsMayNotDisagree) {
    EXPECT_EQ(believed(
                  {
                      {"forwarded",         "for=192.0.2.1;proto=http"},
                      {"x-forwarded-proto", "https"                   }
    },
                  rules_with("forwarded")),
              kDisagree);
}

TEST(ProxyClaims, HostAndPortAreTakenWhenThereIsOneThatCanBe) {
    const TrustRules rules = rules_with("x-forwarded-for");

    EXPECT_EQ(believed(
                  {
                      {"x-forwarded-host", "shop.example:8443"},
                      {"x-forwarded-port", "8443"             }
    },
                  rules),
              "- - - shop.example:8443 8443");
    for (const char* host : {"a, b", "user@a", "a/b", "", "a b"})
        EXPECT_EQ(believed(
                      {
                          {"x-forwarded-host", host}
        },
                      rules),
                  "- - - - -")
            << host;
    for (const char* port : {"0", "65536", "80, 81", "-1", "080808", ""})
        EXPECT_EQ(believed(
                      {
                          {"x-forwarded-port", port}
        },
                      rules),
                  "- - - - -")
            << port;
    EXPECT_EQ(believed(
                  {
                      {"x-forwarded-host", "a"},
                      {"x-forwarded-host", "b"}
    },
                  rules),
              "- - - - -");
}

// ---- facts ----

TEST(FactsByProxy, AreTheConnectionsWhereTheProxySaysNothing) {
    const ClientFacts connection{
        .address = "10.0.0.1", .port = "5", .scheme = "http", .server_port = "8000"};
    RequestHead head;
    ProxyClaims claims;

    const ClientFacts facts = facts_by_proxy(connection, head, claims);

    EXPECT_EQ(facts.address, "10.0.0.1");
    EXPECT_EQ(facts.port, "5");
    EXPECT_EQ(facts.scheme, "http");
    EXPECT_EQ(facts.asked_port, "");
    EXPECT_EQ(facts.forwarded, "");
    EXPECT_TRUE(facts.by_proxy);
}

TEST(FactsByProxy, HaveNoPortOfOurListenerInAUrlOfTheProxys) {
    const ClientFacts connection{
        .address = "10.0.0.1", .port = "5", .scheme = "http", .server_port = "8000"};
    const auto port_with = [&connection](std::string_view scheme, std::string_view host) {
        RequestHead head;
        head.host = host;
        ProxyClaims claims;
        claims.scheme = scheme;
        return std::string(facts_by_proxy(connection, head, claims).asked_port);
    };

    EXPECT_EQ(port_with("https", "shop.example"), "443");
    EXPECT_EQ(port_with("http", "shop.example"), "80");
    EXPECT_EQ(port_with("https", "shop.example:8443"), "8443");
    EXPECT_EQ(port_with("https", "[::1]"), "443");
    EXPECT_EQ(port_with("https", "[::1]:8443"), "8443");
}

TEST(FactsByProxy, SpeakForwardedWhereTheProxyDoes) {
    const auto ours = [](std::string_view value, std::string_view host) {
        RequestHead head;
        head.host = host;
        head.fields = {
            {"forwarded", value}
        };
        ProxyClaims claims;
        EXPECT_FALSE(read_claims(head, rules_with("forwarded"), claims));
        const ClientFacts connection{
            .address = "", .port = "", .scheme = "http", .server_port = "8000"};
        return std::string(facts_by_proxy(connection, head, claims).forwarded);
    };

    EXPECT_EQ(ours("for=6.6.6.6, for=192.0.2.1;proto=https", "shop.example"),
              "for=192.0.2.1;proto=https;host=shop.example");
    EXPECT_EQ(ours("for=\"[2001:db8::1]\";host=\"a:8443\"", "b"),
              "for=\"[2001:db8::1]\";proto=http;host=\"a:8443\"");
    EXPECT_EQ(ours("for=unknown", ""), "for=unknown;proto=http");
}

}  // namespace bundle
