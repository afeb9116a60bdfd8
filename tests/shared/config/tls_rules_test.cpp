#include "shared/config/tls_rules.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/shared/config/site_text.hpp"

namespace bundle {

namespace {

constexpr const char* kPair = "[[tls.certificate]]\ncertificate = \"a.pem\"\nkey = \"a.key\"\n";

}  // namespace

TEST(TlsRules, AListenerThatSpeaksTlsNeedsACertificateAndItsKey) {
    EXPECT_EQ(problems_with("[[listen]]\ntls = true"),
              "site.toml:4:7: listen.0.tls is true, but there is no certificate; write "
              "[[tls.certificate]] with certificate and key");
    EXPECT_EQ(problems_with("[[listen]]\ntls = true\n" + std::string(kPair)), "");
    EXPECT_EQ(problems_with("[[tls.certificate]]\ncertificate = \"a.pem\""),
              "site.toml:3:1: tls.certificate.0 has no key; both files are needed, and the key may "
              "stand in the same one");
}

TEST(TlsRules, ProtocolsAreThoseThatExist) {
    EXPECT_EQ(problems_with("[[listen]]\nprotocols = [\"h3\"]"),
              "site.toml:4:13: listen.0.protocols is a list; for \"h3\", it must be \"h2\" or "
              "\"http/1.1\"");
    EXPECT_EQ(
        problems_with("[[listen]]\nprotocols = []"),
        "site.toml:4:13: listen.0.protocols has no \"http/1.1\", which every listener speaks");
    EXPECT_EQ(problems_with("[[listen]]\nprotocols = [\"http/1.1\"]"), "");
}

TEST(TlsRules, Http2IsOfferedByTlsUnlessTheFileSaysOtherwise) {
    const auto protocols_of = [](const std::string& listener) {
        const auto loaded =
            load_config(site_text(std::string(kSmallest) + "[[listen]]\n" + listener + kPair));
        return loaded->config.listen.front().protocols;
    };

    EXPECT_THAT(protocols_of("tls = true\n"), testing::ElementsAre("h2", "http/1.1"));
    EXPECT_THAT(protocols_of(""), testing::ElementsAre("http/1.1"));
    EXPECT_THAT(protocols_of("tls = true\nprotocols = [\"http/1.1\"]\n"),
                testing::ElementsAre("http/1.1"));
}

TEST(TlsRules, Http2WithoutTlsIsForTrustedProxiesAlone) {
    EXPECT_EQ(problems_with("[[listen]]\nprotocols = [\"h2\", \"http/1.1\"]"),
              "site.toml:4:13: listen.0.protocols has \"h2\" without tls: only trust.proxies may "
              "speak it, and there are none");
    EXPECT_EQ(
        problems_with(
            "[[listen]]\nprotocols = [\"h2\", \"http/1.1\"]\n[trust]\nproxies = [\"loopback\"]"),
        "");
}

TEST(TlsRules, CiphersAreChosenByHandOrNotAtAll) {
    EXPECT_EQ(problems_with("[tls]\nciphers = \"AES\"\n"),
              "site.toml:4:11: tls.ciphers has a meaning with tls.profile = \"custom\" only");
    EXPECT_EQ(problems_with("[tls]\nprofile = \"custom\"\nciphers = \"AES\"\n"), "");
}

TEST(TlsRules, CertificatesOfClientsAreJudgedBySomeone) {
    EXPECT_EQ(problems_with("[tls]\nclient_verify = \"require\""),
              "site.toml:4:17: tls.client_verify wants certificates of clients, but there is no "
              "tls.client_ca to judge them by");
    EXPECT_EQ(problems_with("[[site]]\nclient_verify = \"optional\""),
              "site.toml:4:17: site.0.client_verify wants certificates of clients, but there is no "
              "tls.client_ca to judge them by");
}

TEST(TlsRules, ACertificateThatNobodyHasToShowByPlainHttpIsAWarning) {
    const auto warned = [](const std::string& more) {
        return load_config(site_text(std::string(kSmallest) + "[tls]\nclient_ca = \"ca.pem\"\n" +
                                     "[[site]]\nclient_verify = \"require\"\n" + more))
            .value()
            .warnings;
    };

    EXPECT_THAT(warned(""), testing::ElementsAre(
                                "site.toml:6:17: site.0.client_verify is \"require\", but whoever "
                                "comes by plain HTTP shows no certificate; https = \"redirect\" "
                                "leads them to TLS"));
    EXPECT_THAT(warned("https = \"redirect\"\n"),
                testing::Not(testing::Contains(testing::HasSubstr("client_verify"))));
}

TEST(TlsRules, WhatCanHardlyBeMeantIsAWarning) {
    const auto loaded =
        load_config(site_text(std::string(kSmallest) +
                              "[tls]\nsession_tickets = false\nticket_key_file = \"t\"\n"
                              "client_ca = \"ca.pem\"\n" +
                              kPair));

    ASSERT_TRUE(loaded);
    EXPECT_THAT(
        loaded->warnings,
        testing::ElementsAre(
            "site.toml:7:1: tls.certificate is shown to nobody, because no [[listen]] has tls = "
            "true",
            "site.toml:5:19: tls.ticket_key_file is not used, because tls.session_tickets is false",
            "site.toml:6:13: tls.client_ca is not used, because tls.client_verify is \"off\""));
}

}  // namespace bundle
