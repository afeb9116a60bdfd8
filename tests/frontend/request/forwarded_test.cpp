#include "frontend/request/forwarded.hpp"

#include <gtest/gtest.h>

namespace bundle {

namespace {

constexpr ClientFacts kClient{
    .address = "192.0.2.1", .port = "54321", .scheme = "https", .server_port = "443"};

constexpr ClientFacts kByProxy{
    .address = {}, .port = {}, .scheme = {}, .server_port = {}, .by_proxy = true};

// Only what came of the client's own fields.
Headers kept(const Headers& sent) {
    RequestHead head;
    head.fields = sent;
    Headers out;
    fields_for_app(head, ClientFacts{}, "", TrustRules{}, out);
    return out;
}

}  // namespace

TEST(FieldsForApp, KeepOrderAndRepetition) {
    const Headers sent = {
        {"host",           "a"  },
        {"cookie",         "a=1"},
        {"x-b",            ""   },
        {"cookie",         "b=2"},
        {"content-length", "3"  }
    };

    EXPECT_EQ(kept(sent), sent);
}

TEST(FieldsForApp, SayWhenTheRequestCame) {
    RequestHead head;
    head.fields = {
        {"x-request-start",    "t=1"},
        {"x-queue-start",      "t=1"},
        {"x-middleware-start", "t=1"}
    };
    ClientFacts facts;
    facts.request_start = "t=1700000000123456";
    Headers of_client;
    Headers of_proxy;

    fields_for_app(head, facts, "", TrustRules{}, of_client);
    facts.by_proxy = true;
    fields_for_app(head, facts, "", TrustRules{}, of_proxy);

    EXPECT_EQ(of_client, (Headers{
                             {"x-request-start", "t=1700000000123456"}
    }));
    EXPECT_EQ(of_proxy, head.fields);
}

TEST(FieldsForApp, EndWithOurOwn) {
    RequestHead head;
    head.fields = {
        {"host",   "shop.example:8443"},
        {"accept", "*/*"              }
    };
    head.host = "shop.example:8443";
    Headers out = {
        {"x-before", "stays"}
    };

    fields_for_app(head, kClient, "abc123", TrustRules{}, out);

    EXPECT_EQ(out, (Headers{
                       {"x-before",          "stays"            },
                       {"host",              "shop.example:8443"},
                       {"accept",            "*/*"              },
                       {"x-forwarded-for",   "192.0.2.1"        },
                       {"x-forwarded-proto", "https"            },
                       {"x-forwarded-host",  "shop.example:8443"},
                       {"x-forwarded-port",  "443"              },
                       {"x-real-ip",         "192.0.2.1"        },
                       {"x-request-id",      "abc123"           }
    }));
}

TEST(FieldsForApp, OfAUnixSocketNameNoAddress) {
    Headers out;

    fields_for_app(RequestHead{},
                   ClientFacts{.address = {}, .port = {}, .scheme = "http", .server_port = {}},
                   "id", TrustRules{}, out);

    EXPECT_EQ(out, (Headers{
                       {"x-forwarded-proto", "http"},
                       {"x-request-id",      "id"  }
    }));
}

TEST(FieldsForApp, AClientCannotClaimToBeAnother) {
    EXPECT_EQ(kept({
                  {"forwarded",                  "for=1.2.3.4"        },
                  {"x-forwarded-for",            "1.2.3.4"            },
                  {"x-forwarded-proto",          "https"              },
                  {"x-forwarded-host",           "evil.example"       },
                  {"x-forwarded-ssl",            "on"                 },
                  {"x-forwarded-whatever-comes", "1"                  },
                  {"x-real-ip",                  "1.2.3.4"            },
                  {"x-request-id",               "1"                  },
                  {"proxy",                      "http://evil.example"}
    }),
              Headers{});
}

TEST(FieldsForApp, ANameWithAnUnderscoreCannotPoseAsOneWithADash) {
    EXPECT_EQ(
        kept({
            {"x_real_ip",       "1"},
            {"x-forwarded_for", "1"},
            {"content_length",  "5"},
            {"a_b",             "" }
    }),
        Headers{});
}

TEST(FieldsForApp, NamesThatOnlyLookAlikeStay) {
    const Headers sent = {
        {"x-forwarded",  "1"},
        {"x-real-ip2",   "1"},
        {"proxying",     "1"},
        {"forwarded-by", "1"}
    };

    EXPECT_EQ(kept(sent), sent);
}

TEST(FieldsForApp, LeaveOutWhatBelongsToTheConnection) {
    EXPECT_EQ(kept({
                  {"connection",        "keep-alive, x-hop"},
                  {"keep-alive",        "5"                },
                  {"te",                "trailers"         },
                  {"upgrade",           "h2c"              },
                  {"transfer-encoding", "chunked"          },
                  {"expect",            "100-continue"     },
                  {"x-hop",             "1"                },
                  {"x-end",             "2"                }
    }),
              (Headers{{"x-end", "2"}}));
}

TEST(FieldsForApp, AClientCannotDeleteHostByNamingItInConnection) {
    const Headers sent = {
        {"connection",     "Host, content-length, close"},
        {"host",           "a"                          },
        {"content-length", "1"                          }
    };

    EXPECT_EQ(kept(sent), (Headers{
                              {"host",           "a"},
                              {"content-length", "1"}
    }));
}

TEST(FieldsForApp, AClientCannotDeleteOursByNamingThemInConnection) {
    RequestHead head;
    head.fields = {
        {"connection", "x-forwarded-for, x-real-ip, x-request-id"}
    };
    Headers out;

    fields_for_app(head, kClient, "id", TrustRules{}, out);

    EXPECT_EQ(out.size(), 5U);
    EXPECT_EQ(find_field(out, "x-forwarded-for")->value, "192.0.2.1");
}

TEST(FieldsForApp, HaveAHostWhenOnlyTheTargetNamedOne) {
    RequestHead head;
    head.host = "a";
    Headers out;

    fields_for_app(head, ClientFacts{}, "", TrustRules{}, out);

    EXPECT_EQ(out, (Headers{
                       {"host",             "a"},
                       {"x-forwarded-host", "a"}
    }));
}

// ---- behind a trusted proxy ----

TEST(FieldsForApp, OfAProxyReplaceWhatWeKnowBetterAndKeepTheRest) {
    RequestHead head;
    head.fields = {
        {"x-forwarded-for",      "9.9.9.9, 192.0.2.1"},
        {"x-forwarded-proto",    "https"             },
        {"x-forwarded-ssl",      "off"               },
        {"x-forwarded-prefix",   "/shop"             },
        {"x-real-ip",            "9.9.9.9"           },
        {"forwarded",            "for=9.9.9.9"       },
        {"x-request-id",         "theirs"            },
        {"proxy",                "http://evil"       },
        {"x-forwarded-protocol", "http"              },
    };
    ClientFacts facts = kClient;
    facts.by_proxy = true;
    facts.asked_host = "asked.example";
    facts.asked_port = "8443";
    facts.forwarded = "for=192.0.2.1;proto=https";
    Headers out;

    fields_for_app(head, facts, "ours", TrustRules{}, out);

    EXPECT_EQ(out, (Headers{
                       {"x-forwarded-prefix", "/shop"                    },
                       {"x-forwarded-for",    "192.0.2.1"                },
                       {"x-forwarded-proto",  "https"                    },
                       {"x-forwarded-host",   "asked.example"            },
                       {"x-forwarded-port",   "8443"                     },
                       {"x-real-ip",          "192.0.2.1"                },
                       {"x-request-id",       "ours"                     },
                       {"forwarded",          "for=192.0.2.1;proto=https"}
    }));
}

TEST(FieldsForApp, KeepConfiguredClaimsOfAProxyOnly) {
    TrustRules rules;
    rules.more_claims = {"cf-connecting-ip"};
    RequestHead head;
    head.fields = {
        {"connection",       "cf-connecting-ip"},
        {"cf-connecting-ip", "192.0.2.1"       }
    };
    Headers of_client;
    Headers of_proxy;

    fields_for_app(head, ClientFacts{}, "", rules, of_client);
    fields_for_app(head, kByProxy, "", rules, of_proxy);

    EXPECT_EQ(of_client, Headers{});
    EXPECT_EQ(of_proxy, (Headers{
                            {"cf-connecting-ip", "192.0.2.1"}
    }))
        << "what a client behind the proxy wrote into Connection must not take it away";
}

// ---- names with "_" ----

TEST(FieldsForApp, UnderscoresPassWhereTheyAreAllowed) {
    RequestHead head;
    head.fields = {
        {"api_key", "1"},
        {"api_key", "2"},
        {"a-b_c",   "3"}
    };
    Headers out;

    fields_for_app(head, {.underscores = UnderscoreHeaders::Allow}, "", TrustRules(), out);

    EXPECT_EQ(out, head.fields);
}

TEST(FieldsForApp, AllowedUnderscoresForgeNoOtherField) {
    TrustRules rules;
    rules.more_claims = {"cf-connecting-ip"};
    RequestHead head;
    head.fields = {
        {"x_forwarded_for",   "1"     },
        {"x-forwarded_proto", "https" },
        {"x_real-ip",         "1"     },
        {"x_request_id",      "1"     },
        {"cf_connecting_ip",  "1"     },
        {"content_length",    "5"     },
        {"transfer_encoding", "1"     },
        {"x-user",            "me"    },
        {"x_user",            "admin" },
        {"a_b-c",             "two of"},
        {"a-b_c",             "one"   },
    };
    ClientFacts facts = kByProxy;
    facts.underscores = UnderscoreHeaders::Allow;
    Headers out;

    fields_for_app(head, facts, "", rules, out);

    EXPECT_EQ(out, (Headers{
                       {"x-user", "me"}
    }));
}

}  // namespace bundle
