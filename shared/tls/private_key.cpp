#include "shared/tls/private_key.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>

#include <algorithm>
#include <cstring>

#include "shared/base/check.hpp"

namespace bundle {

namespace {

struct Password {
    std::string_view text;
    bool asked = false;
};

int give_password(char* into, int size, int /*encrypts*/, void* data) {
    auto& password = *static_cast<Password*>(data);
    password.asked = true;
    if (password.text.size() > static_cast<std::size_t>(size)) return -1;
    std::memcpy(into, password.text.data(), password.text.size());
    return static_cast<int>(password.text.size());
}

}  // namespace

Result<PrivateKeyPtr> parse_private_key(std::string_view pem, std::string_view password) {
    ERR_clear_error();
    Password given{password};
    PrivateKeyPtr key(
        PEM_read_bio_PrivateKey(reading_from(pem).get(), nullptr, give_password, &given));
    const std::string reason = openssl_reason();
    if (key) return key;
    if (given.asked && password.empty())
        return failure("is encrypted; name the file with its password in key_password_file");
    if (given.asked) return failure("is not decrypted by the password in key_password_file");
    if (pem.find("PRIVATE KEY-----") != std::string_view::npos)
        return failure("holds a private key that cannot be read: " + reason);
    return failure("holds no private key in PEM form (\"-----BEGIN PRIVATE KEY-----\")");
}

std::string private_key_pem(EVP_PKEY& key) {
    const BioPtr memory(BIO_new(BIO_s_secmem()));
    BUNDLE_CHECK(memory != nullptr && PEM_write_bio_PrivateKey(memory.get(), &key, nullptr, nullptr,
                                                               0, nullptr, nullptr) == 1);
    return text_of(memory.get());
}

}  // namespace bundle
