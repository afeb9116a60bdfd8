#include "shared/tls/own_certificate.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>

#include "shared/base/file_text.hpp"
#include "shared/tls/certificate.hpp"
#include "tests/support/temp_directory.hpp"

namespace bundle {

namespace {

using std::chrono::system_clock;

constexpr std::chrono::hours kDay{24};

OwnCertificate own_in(const std::filesystem::path& folder,
                      system_clock::time_point now = system_clock::now()) {
    const auto own = own_certificate_in(folder, now);
    EXPECT_TRUE(own) << own.error().message;
    return own.value_or(OwnCertificate());
}

}  // namespace

TEST(OwnCertificate, IsForThisMachineUnderEachOfItsNames) {
    const TempDirectory directory;

    const OwnCertificate own = own_in(directory / "bundle");

    const auto certificate = parse_certificate(*read_text_file(own.certificate));
    ASSERT_TRUE(certificate) << certificate.error().message;
    X509* const leaf = certificate->leaf.get();
    EXPECT_EQ(X509_check_host(leaf, "localhost", 0, 0, nullptr), 1);
    EXPECT_EQ(X509_check_ip_asc(leaf, "127.0.0.1", 0), 1);
    EXPECT_EQ(X509_check_ip_asc(leaf, "::1", 0), 1);
    EXPECT_EQ(X509_check_host(leaf, "example.com", 0, 0, nullptr), 0);
    EXPECT_EQ(X509_check_ca(leaf), 0) << "it must not vouch for others";
    EXPECT_LT(certificate->not_after - certificate->not_before, 398 * kDay);
    EXPECT_THAT(own.fingerprint, testing::MatchesRegex("([0-9A-F]{2}:){31}[0-9A-F]{2}"));
}

TEST(OwnCertificate, ItsKeyIsForItsOwnerAlone) {
    const TempDirectory directory;

    const OwnCertificate own = own_in(directory.path());

    struct stat status {};
    ASSERT_EQ(stat(own.key.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0600U);
}

TEST(OwnCertificate, IsKeptFromRunToRunUntilItSoonEnds) {
    const TempDirectory directory;
    const auto now = system_clock::now();
    const std::string first = own_in(directory.path(), now).fingerprint;

    EXPECT_EQ(own_in(directory.path(), now + 300 * kDay).fingerprint, first);
    EXPECT_NE(own_in(directory.path(), now + 380 * kDay).fingerprint, first);
}

TEST(OwnCertificate, OneThatCannotBeReadIsMadeAgain) {
    const TempDirectory directory;
    const std::string first = own_in(directory.path()).fingerprint;
    directory.write("localhost.key", "");

    EXPECT_NE(own_in(directory.path()).fingerprint, first);
}

TEST(OwnCertificate, LiesInTheUsersData) {
    EXPECT_EQ(*own_certificate_folder({
                  {"HOME",          "/home/ada"},
                  {"XDG_DATA_HOME", "/data"    }
    }),
              "/data/bundle");
    EXPECT_EQ(*own_certificate_folder({
                  {"HOME", "/home/ada"}
    }),
              "/home/ada/.local/share/bundle");
    EXPECT_THAT(own_certificate_folder({}).error().message, testing::HasSubstr("XDG_DATA_HOME"));
}

}  // namespace bundle
