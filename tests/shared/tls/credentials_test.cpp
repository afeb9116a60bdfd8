#include "shared/tls/credentials.hpp"

#include <gtest/gtest.h>

#include "tests/support/made_certificate.hpp"
#include "tests/support/temp_directory.hpp"

namespace bundle {

TEST(Credentials, WhatIsEncodedIsDecoded) {
    const Credentials credentials = {
        {{"/a.pem", "certificate", "key"}, {"/b.pem", "", std::string("k\0y", 3)}},
        "authorities",
        std::string(kTicketKeySize, '\x7f')
    };
    const std::string bytes = encode_credentials(credentials);

    EXPECT_EQ(*decode_credentials(bytes), credentials);
    for (std::size_t size = 0; size < bytes.size(); ++size)
        EXPECT_FALSE(decode_credentials(std::string_view(bytes).substr(0, size)));
    EXPECT_FALSE(decode_credentials(bytes + '\0'));
    EXPECT_EQ(*decode_credentials(encode_credentials({})), Credentials{});
}

TEST(Credentials, AKeyThatIsEncryptedTravelsDecrypted) {
    const TempDirectory directory;
    const auto made = make_certificate({});
    const auto read = read_credential({directory.write("a.pem", made.certificate),
                                       directory.write("a.key", encrypted_key(made, "secret")),
                                       directory.write("password", "secret\nmore\n")});

    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(read->key, made.key);
}

TEST(Credentials, OneFileMayHoldBoth) {
    const TempDirectory directory;
    const auto made = make_certificate({});
    const std::string both = directory.write("both.pem", made.key + made.certificate);

    EXPECT_TRUE(read_credential({both, both, ""}));
}

TEST(Credentials, WhatDoesNotFitIsToldWithItsFiles) {
    const TempDirectory directory;
    const auto made = make_certificate({});
    const std::string certificate = directory.write("a.pem", made.certificate);
    const std::string other_key = directory.write("b.key", make_certificate({}).key);
    const std::string gone = directory / "gone";

    EXPECT_EQ(read_credential({certificate, other_key, ""}).error().message,
              "key " + other_key + " does not belong to certificate " + certificate);
    EXPECT_EQ(read_credential({certificate, gone, ""}).error().message,
              "key: open " + gone + ": No such file or directory");
    EXPECT_EQ(read_credential({other_key, other_key, ""}).error().message,
              "certificate " + other_key +
                  " holds a private key and no certificate; were the two exchanged?");
    const std::string keys = directory.write("tickets", "short");
    EXPECT_EQ(read_ticket_keys(keys).error().message,
              "ticket_key_file " + keys +
                  " has 5 bytes; it must be keys of 80 bytes each, made with: openssl rand 80");
}

}  // namespace bundle
