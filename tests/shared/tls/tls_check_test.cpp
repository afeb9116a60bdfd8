#include "shared/tls/tls_check.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/shared/config/site_text.hpp"
#include "tests/support/made_certificate.hpp"
#include "tests/support/temp_directory.hpp"

namespace bundle {

namespace {

using testing::ElementsAre;
using testing::HasSubstr;

LoadRequest with_pair(const TempDirectory& directory, const std::string& more = {}) {
    LoadRequest request =
        site_text(kSmallest + ("[[listen]]\ntls = true\n" + more) +
                  "[[tls.certificate]]\ncertificate = \"a.pem\"\nkey = \"a.key\"\n");
    request.folder = directory.path();
    request.uid = 54321;
    request.demand = Demand::ServableHere;
    return request;
}

void write_pair(const TempDirectory& directory, const MadeCertificate& made) {
    directory.write("a.pem", made.certificate);
    directory.write("a.key", made.key);
}

}  // namespace

TEST(TlsCheck, FilesThatServeAreAllRight) {
    const TempDirectory directory;
    write_pair(directory, make_certificate({.names = {"a.example"}}));

    EXPECT_EQ(problems_of(with_pair(directory)), "");
}

TEST(TlsCheck, APairThatDoesNotFitIsToldWithItsPlace) {
    const TempDirectory directory;
    write_pair(directory, make_certificate({}));
    directory.write("a.key", make_certificate({}).key);
    const std::string folder = directory.path();

    EXPECT_EQ(problems_of(with_pair(directory)), "site.toml:6:15: key " + folder +
                                                     "/a.key does not belong to certificate " +
                                                     folder + "/a.pem");
}

TEST(TlsCheck, ACertificateNearOrPastItsEndIsAWarning) {
    const TempDirectory directory;
    write_pair(directory, make_certificate({.days_from = -9, .days_to = -2}));

    const auto loaded = load_config(with_pair(directory));

    ASSERT_TRUE(loaded) << loaded.error().message;
    EXPECT_THAT(loaded->warnings, testing::Contains(HasSubstr("/a.pem expired on ")));
}

TEST(TlsCheck, AHostWithoutACertificateIsAWarning) {
    const TempDirectory directory;
    write_pair(directory, make_certificate({
                              .names = {"a.example", "*.b.example"}
    }));
    const auto loaded = load_config(with_pair(
        directory,
        "[[site]]\nhosts = [\"A.example\", \"x.b.example\", \"*.b.example\", \"127.0.0.1\", "
        "\"b.example\"]\n"));

    ASSERT_TRUE(loaded) << loaded.error().message;
    EXPECT_THAT(loaded->warnings,
                testing::Contains("site.toml:6:9: site.0.hosts has b.example, for which there is "
                                  "no certificate: browsers will not go there by https"));
    EXPECT_THAT(loaded->warnings, testing::Not(testing::Contains(testing::HasSubstr("has x."))));
}

TEST(TlsCheck, CiphersThatOpenSslDoesNotKnowAreTold) {
    const TempDirectory directory;
    write_pair(directory, make_certificate({}));

    EXPECT_THAT(problems_of(with_pair(
                    directory, "[tls]\nprofile = \"custom\"\nciphers = \"NO-SUCH-CIPHER\"\n")),
                HasSubstr("tls.ciphers is \"NO-SUCH-CIPHER\": no cipher match"));
    EXPECT_THAT(
        problems_of(with_pair(directory, "[tls]\nprofile = \"custom\"\ngroups = \"P-1\"\n")),
        HasSubstr("tls.groups is \"P-1\": "));
}

TEST(TlsCheck, NothingIsReadWhereNobodySpeaksTls) {
    LoadRequest request = site_text(
        kSmallest + std::string("[[tls.certificate]]\ncertificate = \"gone\"\nkey = \"gone\"\n"));
    request.folder = "/";
    request.uid = 54321;
    request.demand = Demand::ServableHere;

    EXPECT_THAT(problems_of(request), testing::Not(HasSubstr("gone")));
}

}  // namespace bundle
