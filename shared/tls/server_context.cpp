#include "shared/tls/server_context.hpp"

#include <fmt/format.h>
#include <openssl/err.h>

#include "shared/base/check.hpp"
#include "shared/tls/private_key.hpp"

namespace bundle {

namespace {

// Mozilla's guideline 5.7 without its DHE ciphers, for which every client can make us compute more
// than it does itself (CVE-2002-20001), and which no browser offers any more.
constexpr const char* kCiphers =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"
    "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";
constexpr const char* kCiphersuites =
    "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256";
constexpr const char* kGroups = "X25519:prime256v1:secp384r1";

const char* or_else(const std::string& text, const char* usual) {
    return text.empty() ? usual : text.c_str();
}

Result<void> choose_ciphers(SSL_CTX* context, const TlsConfig& config) {
    if (SSL_CTX_set_cipher_list(context, or_else(config.ciphers, kCiphers)) != 1)
        return failure(fmt::format("tls.ciphers is \"{}\": {}", config.ciphers, openssl_reason()));
    if (SSL_CTX_set_ciphersuites(context, or_else(config.ciphersuites, kCiphersuites)) != 1)
        return failure(
            fmt::format("tls.ciphersuites is \"{}\": {}", config.ciphersuites, openssl_reason()));
    if (SSL_CTX_set1_groups_list(context, or_else(config.groups, kGroups)) != 1)
        return failure(fmt::format("tls.groups is \"{}\": {}", config.groups, openssl_reason()));
    return {};
}

Result<void> use_pair(SSL_CTX* context, const KeyPair& pair) {
    STACK_OF(X509)* chain = sk_X509_new_null();
    BUNDLE_CHECK(chain != nullptr);
    for (const X509Ptr& link : pair.certificate.chain) sk_X509_push(chain, link.get());
    const int used =
        SSL_CTX_use_cert_and_key(context, pair.certificate.leaf.get(), pair.key.get(), chain, 1);
    sk_X509_free(chain);
    if (used == 1) return {};
    return failure(
        fmt::format("certificate {} cannot be used: {}", pair.certificate_file, openssl_reason()));
}

// Whoever shows a certificate; whether anybody has to, the handshake decides.
Result<void> believe(SSL_CTX* context, std::string_view client_ca) {
    if (client_ca.empty()) return {};
    TRY_ASSIGN(const Certificate first, parse_certificate(client_ca));
    X509_STORE* const store = SSL_CTX_get_cert_store(context);
    const auto add = [&](X509* authority) {
        return X509_STORE_add_cert(store, authority) == 1 &&
               SSL_CTX_add_client_CA(context, authority) == 1;
    };
    bool added = add(first.leaf.get());
    for (const X509Ptr& authority : first.chain) added = added && add(authority.get());
    if (!added) return failure("tls.client_ca cannot be used: " + openssl_reason());
    return {};
}

}  // namespace

Result<KeyPair> parse_key_pair(const Credential& credential) {
    auto certificate = parse_certificate(credential.certificate);
    if (!certificate)
        return failure(fmt::format("certificate {} {}", credential.certificate_file,
                                   certificate.error().message));
    auto key = parse_private_key(credential.key, {});
    if (!key)
        return failure(fmt::format("the key of certificate {} {}", credential.certificate_file,
                                   key.error().message));
    return KeyPair{credential.certificate_file, std::move(*certificate), std::move(*key)};
}

Result<SslContextPtr> make_server_context(const TlsConfig& config,
                                          std::span<const KeyPair* const> pairs,
                                          std::string_view client_ca) {
    ERR_clear_error();
    SslContextPtr context(SSL_CTX_new(TLS_server_method()));
    BUNDLE_CHECK(context != nullptr);
    SSL_CTX* const raw = context.get();
    const bool only_13 =
        config.profile == TlsProfile::Modern || config.min_version == TlsVersion::Tls13;
    SSL_CTX_set_min_proto_version(raw, only_13 ? TLS1_3_VERSION : TLS1_2_VERSION);
    // In the order of the list, which is by cost; but a client that puts ChaCha first has no AES in
    // hardware.
    SSL_CTX_set_options(raw, SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA |
                                 SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    SSL_CTX_set_mode(raw, SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_session_cache_mode(raw, SSL_SESS_CACHE_OFF);  // what is resumed lies in tickets
    if (!config.session_tickets) {
        SSL_CTX_set_options(raw, SSL_OP_NO_TICKET);
        SSL_CTX_set_num_tickets(raw, 0);
    }
    TRY(choose_ciphers(raw, config));
    for (const KeyPair* pair : pairs) TRY(use_pair(raw, *pair));
    TRY(believe(raw, client_ca));
    return context;
}

}  // namespace bundle
