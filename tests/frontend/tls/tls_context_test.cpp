#include "frontend/tls/tls_context.hpp"

#include <gtest/gtest.h>

#include <string>

#include "tests/support/tls_pair.hpp"

namespace bundle {

namespace {

std::string shown_to(const std::shared_ptr<const TlsContext>& context,
                     const TlsClient::Wish& wish) {
    TlsPair pair(context, wish);
    pair.exchange();
    const X509Ptr shown(SSL_get1_peer_certificate(pair.client.ssl()));
    if (!shown) return pair.client.failure();
    std::string name(256, '\0');
    const int size = X509_NAME_get_text_by_NID(X509_get_subject_name(shown.get()), NID_commonName,
                                               name.data(), 256);
    return name.substr(0, static_cast<std::size_t>(size));
}

using SessionPtr = std::unique_ptr<SSL_SESSION, FreeWith<SSL_SESSION_free>>;

// A session that the client may resume; nothing when it got no ticket.
SessionPtr ticket_from(const std::shared_ptr<const TlsContext>& context, TlsClient::Wish wish) {
    TlsPair pair(context, wish);
    pair.exchange();
    SessionPtr session(SSL_get1_session(pair.client.ssl()));
    pair.client.end();  // or the session counts as broken
    if (SSL_SESSION_is_resumable(session.get()) != 1) return nullptr;
    return session;
}

std::string ticket_bytes(const SSL_SESSION& session) {
    const unsigned char* bytes = nullptr;
    std::size_t size = 0;
    SSL_SESSION_get0_ticket(&session, &bytes, &size);
    return {reinterpret_cast<const char*>(bytes), size};
}

bool resumes(const std::shared_ptr<const TlsContext>& context, TlsClient::Wish wish,
             SSL_SESSION* session) {
    wish.resume = session;
    TlsPair pair(context, wish);
    pair.exchange();
    EXPECT_TRUE(pair.server.secured()) << pair.server.fault().reason;
    pair.client.end();
    return SSL_session_reused(pair.client.ssl()) == 1;
}

class TlsContextTest : public testing::Test {
  protected:
    std::shared_ptr<const TlsContext> context_of(std::initializer_list<MadeCertificate> made) {
        return *TlsContext::create(whole, credentials_of(made), keys);
    }
    // The same, with somebody who is believed about clients.
    std::shared_ptr<const TlsContext> context_with_ca(const MadeCertificate& made) {
        Credentials credentials = credentials_of({made});
        credentials.client_ca = authority.certificate;
        return *TlsContext::create(whole, credentials, keys);
    }
    void add_site(const std::string& host, ClientVerify verify) {
        whole.sites.emplace_back().hosts = {host};
        whole.sites.back().client_verify = verify;
    }

    MadeCertificate authority = make_certificate({.common_name = "Clients"});
    Config whole = with(usual_tls());
    TlsConfig& config = whole.tls;
    TicketKeys keys;
};

}  // namespace

TEST_F(TlsContextTest, TheServerNameChoosesTheCertificate) {
    const auto context = context_of({
        make_certificate({.names = {"a.example", "www.a.example"}, .common_name = "a"    }
        ),
        make_certificate({.names = {"*.wild.example"},             .common_name = "wild" }
        ),
        make_certificate({.names = {"exact.wild.example"},         .common_name = "exact"}
        ),
    });

    EXPECT_EQ(shown_to(context, {.server_name = "a.example"}), "a");
    EXPECT_EQ(shown_to(context, {.server_name = "WWW.A.Example"}), "a");
    EXPECT_EQ(shown_to(context, {.server_name = "some.wild.example"}), "wild");
    EXPECT_EQ(shown_to(context, {.server_name = "exact.wild.example"}), "exact");
    EXPECT_EQ(context->context_for("wild.example"), nullptr) << "a wildcard stands for one label";
    EXPECT_EQ(context->context_for("a.b.wild.example"), nullptr);
}

TEST_F(TlsContextTest, AnUnknownNameGetsTheFirstCertificateOrAnAlert) {
    const auto made = make_certificate({.names = {"a.example"}, .common_name = "a"});
    const auto other = make_certificate({.names = {"b.example"}, .common_name = "b"});

    EXPECT_EQ(shown_to(context_of({made, other}), {.server_name = "c.example"}), "a");
    EXPECT_EQ(shown_to(context_of({made, other}), {.server_name = ""}), "a");
    config.unknown_name = UnknownName::Reject;
    EXPECT_EQ(shown_to(context_of({made, other}), {.server_name = "c.example"}),
              "tlsv1 unrecognized name");
    EXPECT_EQ(shown_to(context_of({made, other}), {.server_name = ""}), "tlsv1 unrecognized name");
    EXPECT_EQ(shown_to(context_of({made, other}), {.server_name = "b.example"}), "b");
}

TEST_F(TlsContextTest, RsaStandsBesideEcdsaForClientsThatKnowNothingElse) {
    const auto context = context_of({
        make_certificate({.names = {"a.example"}, .common_name = "ecdsa"}),
        make_certificate({.names = {"*.example"}, .common_name = "rsa", .rsa = true}),
    });
    const TlsClient::Wish old = {.most_version = TLS1_2_VERSION,
                                 .server_name = "a.example",
                                 .ciphers = "ECDHE-RSA-AES128-GCM-SHA256"};

    EXPECT_EQ(shown_to(context, {.server_name = "a.example"}), "ecdsa");
    EXPECT_EQ(shown_to(context, old), "rsa");
}

TEST_F(TlsContextTest, ATicketSparesAClientTheFullHandshake) {
    const auto context = context_of({make_certificate({.names = {"test.example"}})});
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        const TlsClient::Wish wish = {.least_version = version, .most_version = version};
        const auto ticket = ticket_from(context, wish);
        ASSERT_TRUE(ticket);
        EXPECT_TRUE(resumes(context, wish, ticket.get()));
        // Other certificates, but the same keys: a reload costs nobody a handshake.
        const auto reloaded = context_of({make_certificate({.names = {"test.example"}})});
        EXPECT_TRUE(resumes(reloaded, wish, ticket.get()));
    }
}

// Each is used once.
TEST_F(TlsContextTest, AResumedConnectionOfTls13BringsTheTicketForTheNext) {
    const auto context = context_of({make_certificate({.names = {"test.example"}})});
    TlsClient::Wish wish = {.least_version = TLS1_3_VERSION};
    const auto first = ticket_from(context, wish);
    wish.resume = first.get();
    const auto second = ticket_from(context, wish);

    ASSERT_TRUE(first && second);
    EXPECT_NE(ticket_bytes(*first), ticket_bytes(*second));
    EXPECT_TRUE(resumes(context, wish, second.get()));
}

TEST_F(TlsContextTest, ATicketIsGoodForItsOwnSiteOnly) {
    const auto context = context_of({
        make_certificate({.names = {"test.example", "other.example"}}
        )
    });
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        const auto ticket =
            ticket_from(context, {.least_version = version, .most_version = version});
        ASSERT_TRUE(ticket);
        EXPECT_FALSE(resumes(context, {.most_version = version, .server_name = "other.example"},
                             ticket.get()));
    }
}

TEST_F(TlsContextTest, ATicketFromBeforeClientsHadToShowCertificatesIsWorthNothing) {
    const auto made = make_certificate({.names = {"test.example"}});
    const auto ticket = ticket_from(context_of({made}), {});
    config.client_verify = ClientVerify::Optional;

    EXPECT_FALSE(resumes(context_with_ca(made), {}, ticket.get()));
}

TEST_F(TlsContextTest, ASiteSaysWhichCertificateItsClientsShow) {
    add_site("open.example", ClientVerify::Off);
    add_site("*.inner.example", ClientVerify::Require);
    const auto context = context_with_ca(make_certificate({
        .names = {"open.example", "*.inner.example"}
    }));
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        TlsPair open(context, {.most_version = version, .server_name = "open.example"});
        open.exchange();
        EXPECT_EQ(open.server.client_verify(), ClientVerify::Off);
        EXPECT_TRUE(open.server.secured());

        TlsPair inner(context, {.most_version = version, .server_name = "a.inner.example"});
        inner.exchange();
        EXPECT_EQ(inner.server.client_verify(), ClientVerify::Require);
        EXPECT_FALSE(inner.server.secured());
    }
}

TEST_F(TlsContextTest, ATicketFromASiteThatAsksForNothingOpensNoOther) {
    add_site("open.example", ClientVerify::Off);
    add_site("inner.example", ClientVerify::Require);
    const auto context = context_with_ca(make_certificate({
        .names = {"open.example", "inner.example"}
    }));
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        TlsClient::Wish wish = {.most_version = version, .server_name = "open.example"};
        const auto ticket = ticket_from(context, wish);
        ASSERT_TRUE(ticket);

        wish.server_name = "inner.example";
        wish.resume = ticket.get();
        TlsPair pair(context, wish);
        pair.exchange();
        EXPECT_FALSE(pair.server.secured());
    }
}

TEST_F(TlsContextTest, WithoutTicketsNothingIsResumed) {
    config.session_tickets = false;
    const auto context = context_of({make_certificate({.names = {"test.example"}})});

    EXPECT_FALSE(ticket_from(context, {}));
    const TlsClient::Wish old = {.most_version = TLS1_2_VERSION};
    const auto session = ticket_from(context, old);
    EXPECT_TRUE(!session || !resumes(context, old, session.get()));
}

}  // namespace bundle
