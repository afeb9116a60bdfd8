#include "shared/tls/certificate.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "shared/tls/private_key.hpp"
#include "tests/support/made_certificate.hpp"

namespace bundle {

using std::chrono::hours;
using std::chrono::system_clock;
using testing::ElementsAre;

TEST(Certificate, ItsNamesAreThoseOfTheSanInSmallLetters) {
    const auto made = make_certificate({
        .names = {"Shop.Example", "*.shop.example"},
          .common_name = "other.example"
    });
    const auto certificate = parse_certificate(made.certificate);

    ASSERT_TRUE(certificate);
    EXPECT_THAT(certificate->names, ElementsAre("shop.example", "*.shop.example"));
    EXPECT_TRUE(certificate->covers("shop.example"));
    EXPECT_TRUE(certificate->covers("www.shop.example"));
    EXPECT_FALSE(certificate->covers("a.www.shop.example"));
    EXPECT_FALSE(certificate->covers("other.example"));
    EXPECT_EQ(certificate->kind, KeyKind::Ecdsa);
}

TEST(Certificate, WithoutASanItsCommonNameCounts) {
    const auto made = make_certificate({.common_name = "old.example", .rsa = true});
    const auto certificate = parse_certificate(made.certificate);

    EXPECT_THAT(certificate->names, ElementsAre("old.example"));
    EXPECT_EQ(certificate->kind, KeyKind::Rsa);
}

TEST(Certificate, AFileHoldsTheChainBehindIt) {
    const auto root = make_certificate({.common_name = "root"});
    const auto leaf = make_certificate({.common_name = "leaf", .issuer = &root});

    EXPECT_EQ(parse_certificate(leaf.certificate + root.certificate)->chain.size(), 1U);
}

TEST(Certificate, WhatIsNoneIsSaid) {
    const auto made = make_certificate({});
    EXPECT_EQ(parse_certificate("").error().message,
              "holds no certificate in PEM form (\"-----BEGIN CERTIFICATE-----\")");
    EXPECT_EQ(parse_certificate(made.key).error().message,
              "holds a private key and no certificate; were the two exchanged?");
    std::string broken = made.certificate;
    broken[60] = '!';
    EXPECT_THAT(parse_certificate(broken).error().message,
                testing::StartsWith("holds a certificate that cannot be read: "));
}

TEST(Certificate, ItsEndIsToldThreeWeeksBefore) {
    const auto certificate = parse_certificate(make_certificate({}).certificate);
    const auto end = certificate->not_after;
    const std::string date = date_text(end);

    EXPECT_EQ(validity_warning(*certificate, end - hours(22 * 24)), "");
    EXPECT_EQ(validity_warning(*certificate, end - hours(20 * 24 + 1)),
              "expires on " + date + ", in 20 days");
    EXPECT_EQ(validity_warning(*certificate, end - hours(25)), "expires on " + date + ", in 1 day");
    EXPECT_EQ(validity_warning(*certificate, end), "expired on " + date);
    EXPECT_EQ(validity_warning(*certificate, certificate->not_before - hours(1)),
              "is not valid before " + date_text(certificate->not_before));
}

TEST(PrivateKey, AnEncryptedOneNeedsItsPassword) {
    const auto made = make_certificate({});
    const std::string encrypted = encrypted_key(made, "secret");

    EXPECT_EQ(private_key_pem(**parse_private_key(encrypted, "secret")), made.key);
    EXPECT_EQ(parse_private_key(encrypted, "").error().message,
              "is encrypted; name the file with its password in key_password_file");
    EXPECT_EQ(parse_private_key(encrypted, "wrong").error().message,
              "is not decrypted by the password in key_password_file");
    EXPECT_EQ(parse_private_key(made.certificate, "").error().message,
              "holds no private key in PEM form (\"-----BEGIN PRIVATE KEY-----\")");
}

}  // namespace bundle
