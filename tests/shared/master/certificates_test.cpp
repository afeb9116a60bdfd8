#include "shared/master/certificates.hpp"

#include <gtest/gtest.h>
#include <poll.h>

#include "shared/base/file_text.hpp"
#include "shared/tls/credentials.hpp"
#include "tests/support/made_certificate.hpp"
#include "tests/support/temp_directory.hpp"

namespace bundle {

using namespace std::chrono_literals;

namespace {

class CertificatesTest : public testing::Test {
  protected:
    CertificatesTest() {
        config_.listen.emplace_back().tls = true;
        config_.tls.certificates.push_back({directory_ / "a.pem", directory_ / "a.key", ""});
    }

    void write(const MadeCertificate& made) const {
        directory_.write("a.pem", made.certificate);
        directory_.write("a.key", made.key);
    }
    // Whether the front gets new ones, when all is quiet again.
    bool renews(Certificates& certificates) {
        now_ += 1h;
        pollfd waiting{certificates.fd(), POLLIN, 0};
        if (poll(&waiting, 1, 0) > 0) certificates.note_change(now_);
        return certificates.look(now_ + FileWatch::kQuiet);
    }
    static std::string sealed_in(const Certificates& certificates) {
        const auto text = read_text_file("/proc/self/fd/" + std::to_string(certificates.sealed()));
        return decode_credentials(*text)->certificates.at(0).certificate;
    }

    TempDirectory directory_;
    Config config_;
    Certificates::Moment now_ = Certificates::Moment::clock::now();
};

}  // namespace

TEST_F(CertificatesTest, ChangedFilesAreSealedAnew) {
    const auto first = make_certificate({});
    const auto second = make_certificate({});
    write(first);
    auto certificates = *Certificates::open(config_);
    EXPECT_EQ(sealed_in(certificates), first.certificate);
    EXPECT_FALSE(renews(certificates));

    write(second);

    EXPECT_TRUE(renews(certificates));
    EXPECT_EQ(sealed_in(certificates), second.certificate);
    EXPECT_FALSE(renews(certificates));
}

TEST_F(CertificatesTest, FilesThatAreWrittenAndSayTheSameAreNoChange) {
    const auto made = make_certificate({});
    write(made);
    auto certificates = *Certificates::open(config_);

    write(made);

    EXPECT_FALSE(renews(certificates));
}

TEST_F(CertificatesTest, WhatCannotBeServedIsRefusedUntilItCan) {
    const auto first = make_certificate({});
    const auto second = make_certificate({});
    write(first);
    auto certificates = *Certificates::open(config_);

    directory_.write("a.pem", second.certificate);
    EXPECT_FALSE(renews(certificates));
    EXPECT_EQ(sealed_in(certificates), first.certificate);
    directory_.write("a.key", second.key);
    EXPECT_TRUE(renews(certificates));
    EXPECT_EQ(sealed_in(certificates), second.certificate);
}

TEST_F(CertificatesTest, WithoutTlsNothingIsReadOrWatched) {
    config_.listen[0].tls = false;
    auto certificates = *Certificates::open(config_);

    EXPECT_EQ(certificates.fd(), -1);
    EXPECT_EQ(certificates.next_due(), std::nullopt);
    EXPECT_FALSE(certificates.look(now_));
}

}  // namespace bundle
