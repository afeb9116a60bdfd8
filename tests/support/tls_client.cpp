#include "tests/support/tls_client.hpp"

#include <openssl/err.h>

#include <array>

#include "shared/base/check.hpp"
#include "shared/tls/certificate.hpp"
#include "shared/tls/private_key.hpp"

namespace bundle {

TlsClient::TlsClient(const Wish& wish) : context_(SSL_CTX_new(TLS_client_method())) {
    SSL_CTX_set_min_proto_version(context_.get(), wish.least_version);
    SSL_CTX_set_max_proto_version(context_.get(), wish.most_version);
    if (!wish.ciphers.empty())
        BUNDLE_CHECK(SSL_CTX_set_cipher_list(context_.get(), wish.ciphers.c_str()) == 1);
    if (!wish.certificate.empty()) {
        const auto certificate = parse_certificate(wish.certificate);
        const auto key = parse_private_key(wish.key, {});
        SSL_CTX_use_cert_and_key(context_.get(), certificate->leaf.get(), key->get(), nullptr, 1);
    }
    ssl_.reset(SSL_new(context_.get()));
    SSL_set_bio(ssl_.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
    if (!wish.server_name.empty()) SSL_set_tlsext_host_name(ssl_.get(), wish.server_name.c_str());
    if (!wish.alpn.empty())
        SSL_set_alpn_protos(ssl_.get(), reinterpret_cast<const unsigned char*>(wish.alpn.data()),
                            static_cast<unsigned>(wish.alpn.size()));
    if (wish.resume != nullptr) SSL_set_session(ssl_.get(), wish.resume);
    SSL_set_connect_state(ssl_.get());
    hear({});
}

void TlsClient::hear(std::string_view ciphertext) {
    if (!ciphertext.empty())
        BIO_write(SSL_get_rbio(ssl_.get()), ciphertext.data(), static_cast<int>(ciphertext.size()));
    for (;;) {
        ERR_clear_error();
        std::array<char, 16384> plain{};
        const int got = SSL_read(ssl_.get(), plain.data(), plain.size());
        if (got > 0) {
            heard_.append(plain.data(), static_cast<std::size_t>(got));
            continue;
        }
        const int error = SSL_get_error(ssl_.get(), got);
        if (error == SSL_ERROR_ZERO_RETURN) heard_end_ = true;
        if (error == SSL_ERROR_SSL && failure_.empty()) failure_ = openssl_reason();
        return;
    }
}

void TlsClient::say(std::string_view plain) {
    BUNDLE_CHECK(SSL_write(ssl_.get(), plain.data(), static_cast<int>(plain.size())) > 0);
}

std::string TlsClient::said() {
    std::string bytes = text_of(SSL_get_wbio(ssl_.get()));
    BIO_reset(SSL_get_wbio(ssl_.get()));
    return bytes;
}

}  // namespace bundle
