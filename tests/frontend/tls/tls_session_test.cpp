#include "frontend/tls/tls_session.hpp"

#include <gtest/gtest.h>

#include <array>
#include <map>
#include <string>

#include "tests/support/tls_pair.hpp"

namespace bundle {

namespace {

using Then = TlsSession::Then;

class TlsSessionTest : public testing::TestWithParam<std::size_t> {
  protected:
    static std::shared_ptr<const TlsContext> context(const TlsConfig& config = usual_tls(),
                                                     Credentials credentials = {}) {
        static TicketKeys keys;
        static const MadeCertificate made = make_certificate({.names = {"test.example"}});
        if (credentials.certificates.empty())
            credentials.certificates = credentials_of({made}).certificates;
        return *TlsContext::create(with(config), credentials, keys);
    }
    static std::map<std::string, std::string, std::less<>> variables(TlsSession& session) {
        std::map<std::string, std::string, std::less<>> found;
        for (const auto& [name, value] : session.variables()) found.emplace(name, value);
        return found;
    }
};

INSTANTIATE_TEST_SUITE_P(InPartsOf, TlsSessionTest, testing::Values(0, 1, 7, 1400));

}  // namespace

TEST_P(TlsSessionTest, BothSidesHearWhatTheOtherSays) {
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        TlsPair pair(context(), {.least_version = version, .most_version = version}, GetParam());
        pair.exchange();
        ASSERT_TRUE(pair.server.secured() && pair.client.secured()) << pair.client.failure();
        EXPECT_EQ(pair.secured_times, 1);

        pair.client.say("GET / HTTP/1.1\r\n\r\n");
        pair.exchange();
        EXPECT_EQ(pair.say("HTTP/1.1 204 No Content\r\n\r\n"), 27);

        EXPECT_EQ(pair.heard, "GET / HTTP/1.1\r\n\r\n");
        EXPECT_EQ(pair.client.heard(), "HTTP/1.1 204 No Content\r\n\r\n");
    }
}

TEST_P(TlsSessionTest, ManyRecordsKeepTheirOrder) {
    TlsPair pair(context(), {}, GetParam());
    pair.exchange();
    std::string sent;
    for (int i = 0; i < 30'000; ++i) sent += std::to_string(i) + ' ';

    pair.client.say(sent);
    pair.exchange();
    for (std::string_view rest = sent; !rest.empty();)
        rest.remove_prefix(static_cast<std::size_t>(pair.say(rest)));

    EXPECT_EQ(pair.heard, sent);
    EXPECT_EQ(pair.client.heard(), sent);
}

TEST_P(TlsSessionTest, TheEndOfTheClientComesBehindWhatItSaid) {
    TlsPair pair(context(), {}, GetParam());
    pair.exchange();

    pair.client.say("last words");
    pair.client.end();
    pair.exchange();

    EXPECT_EQ(pair.heard, "last words");
    EXPECT_EQ(pair.then, Then::Ended);
    EXPECT_EQ(pair.say("still answered"), 14);
    EXPECT_EQ(pair.client.heard(), "still answered");
}

TEST_P(TlsSessionTest, ADamagedRecordIsAFaultAndAnAlert) {
    TlsPair pair(context(), {}, GetParam());
    pair.exchange();
    pair.client.say("something");
    std::string bytes = pair.client.said();
    bytes.back() = static_cast<char>(bytes.back() ^ 1);

    pair.tell(bytes);

    EXPECT_EQ(pair.then, Then::Failed);
    EXPECT_EQ(pair.server.fault().kind, TlsFault::Kind::Afterwards);
    EXPECT_EQ(pair.server.fault().reason, "what it sends was damaged on the way");
    EXPECT_EQ(pair.heard, "");
    EXPECT_EQ(pair.client.failure(), "sslv3 alert bad record mac");
    EXPECT_EQ(pair.say("no more"), -1);
}

TEST(TlsSession, OurEndIsHeardUnlessTheAnswerWasCutShort) {
    for (const bool cut : {false, true}) {
        static TicketKeys keys;
        const auto context = *TlsContext::create(
            with(usual_tls()), credentials_of({make_certificate({.names = {"test.example"}})}),
            keys);
        TlsPair pair(context);
        pair.exchange();

        if (cut) pair.server.abandon();
        pair.server.end();
        pair.client.hear(std::exchange(pair.buffers.out, {}));

        EXPECT_EQ(pair.client.heard_end(), !cut);
    }
}

TEST_F(TlsSessionTest, PiecesOfAnAnswerShareARecord) {
    TlsPair pair(context());
    pair.exchange();
    const std::array<std::string_view, 3> pieces = {"head", "", "body"};

    EXPECT_EQ(pair.server.write(pieces), 8);

    EXPECT_EQ(pair.buffers.out.size(), 5U + 8 + 1 + 16);  // RFC 8446 section 5.2
    pair.client.hear(std::exchange(pair.buffers.out, {}));
    EXPECT_EQ(pair.client.heard(), "headbody");
}

TEST_F(TlsSessionTest, WhatDoesNotBeginWithAHandshakeIsNoTls) {
    const std::map<std::string, TlsFault::Kind> kinds = {
        {"GET / HTTP/1.1\r\n\r\n", TlsFault::Kind::PlainHttp},
        {"P", TlsFault::Kind::PlainHttp},
        {"\x80\x2e\x01\x03\x01", TlsFault::Kind::NoTls},
        {std::string(64, '\0'), TlsFault::Kind::NoTls}
    };
    for (const auto& [bytes, kind] : kinds) {
        TlsPair pair(context());
        pair.tell(bytes);

        EXPECT_EQ(pair.then, Then::Failed);
        EXPECT_EQ(pair.server.fault().kind, kind);
        EXPECT_TRUE(pair.buffers.out.empty());
    }
}

TEST_F(TlsSessionTest, AFaultIsToldInWordsOfPeople) {
    TlsConfig modern = usual_tls();
    modern.profile = TlsProfile::Modern;
    TlsConfig rejecting = usual_tls();
    rejecting.unknown_name = UnknownName::Reject;
    const auto fault = [](const TlsConfig& config, const TlsClient::Wish& wish) {
        TlsPair pair(context(config), wish);
        pair.exchange();
        EXPECT_FALSE(pair.client.failure().empty());
        EXPECT_FALSE(pair.server.secured());
        return pair.server.fault().reason;
    };

    EXPECT_EQ(fault(modern, {.most_version = TLS1_2_VERSION}),
              "it speaks only versions of TLS that are too old (tls.min_version, tls.profile)");
    EXPECT_EQ(fault(usual_tls(), {.most_version = TLS1_2_VERSION, .ciphers = "AES128-SHA"}),
              "it offers no cipher that we have (tls.profile, tls.ciphers)");
    EXPECT_EQ(fault(usual_tls(), {.alpn = "\x02h2"}),
              "it offers no protocol that we speak here (listen.protocols)");
    EXPECT_EQ(fault(rejecting, {.server_name = "other.example"}),
              "no certificate has the server name that it asks for, and tls.unknown_name is "
              "\"reject\"");
}

TEST_F(TlsSessionTest, TheClientsProtocolIsChosenWhenWeSpeakIt) {
    TlsPair pair(context(), {.alpn = "\x02h2\x08http/1.1"});
    pair.exchange();

    const unsigned char* chosen = nullptr;
    unsigned length = 0;
    SSL_get0_alpn_selected(pair.client.ssl(), &chosen, &length);
    EXPECT_EQ(std::string(reinterpret_cast<const char*>(chosen), length), "http/1.1");
}

TEST_F(TlsSessionTest, RenegotiationIsRefused) {
    TlsPair pair(context(), {.most_version = TLS1_2_VERSION});
    pair.exchange();
    SSL_renegotiate(pair.client.ssl());
    SSL_do_handshake(pair.client.ssl());
    pair.exchange();

    EXPECT_EQ(pair.client.failure(), "no renegotiation");
}

TEST_F(TlsSessionTest, TheApplicationIsToldWhatWasAgreedOn) {
    TlsPair pair(context(), {.server_name = "Test.Example"});
    pair.exchange();

    auto told = variables(pair.server);
    EXPECT_EQ(told["SSL_PROTOCOL"], "TLSv1.3");
    EXPECT_EQ(told["SSL_CIPHER"], "TLS_AES_128_GCM_SHA256");
    EXPECT_EQ(told["SSL_TLS_SNI"], "test.example");
    EXPECT_EQ(told["SSL_SESSION_RESUMED"], "Initial");
    EXPECT_FALSE(told.contains("SSL_CLIENT_VERIFY"));
}

TEST_F(TlsSessionTest, AClientsCertificateIsAskedForJudgedAndTold) {
    const MadeCertificate authority = make_certificate({.common_name = "Clients"});
    const MadeCertificate alice = make_certificate({.common_name = "alice", .issuer = &authority});
    const MadeCertificate mallory = make_certificate({.common_name = "mallory"});
    Credentials credentials;
    credentials.client_ca = authority.certificate;
    TlsConfig config = usual_tls();
    const auto meet = [&](const MadeCertificate& shown) {
        auto pair = std::make_unique<TlsPair>(
            context(config, credentials),
            TlsClient::Wish{.certificate = shown.certificate, .key = shown.key});
        pair->exchange();
        return pair;
    };

    config.client_verify = ClientVerify::Optional;
    EXPECT_EQ(variables(meet({})->server)["SSL_CLIENT_VERIFY"], "NONE");
    const auto pair = meet(alice);
    auto told = variables(pair->server);
    EXPECT_EQ(told["SSL_CLIENT_VERIFY"], "SUCCESS");
    EXPECT_EQ(told["SSL_CLIENT_S_DN"], "CN=alice");
    EXPECT_EQ(told["SSL_CLIENT_S_DN_CN"], "alice");
    EXPECT_EQ(told["SSL_CLIENT_I_DN"], "CN=Clients");
    EXPECT_EQ(told["SSL_CLIENT_CERT"], alice.certificate);
    EXPECT_EQ(told["SSL_CLIENT_FINGERPRINT"].size(), 40U);

    EXPECT_EQ(meet(mallory)->server.fault().reason,
              "its certificate is not accepted: self-signed certificate");
    config.client_verify = ClientVerify::Require;
    EXPECT_EQ(meet({})->server.fault().reason,
              "it shows no certificate, and has to (tls.client_verify, site.client_verify)");
    EXPECT_TRUE(meet(alice)->server.secured());
}

}  // namespace bundle
