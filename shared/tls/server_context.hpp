// OpenSSL's context of a server, as [tls] wants it: versions, ciphers, groups, certificates, whom
// to believe. Used by the front to serve and by `bundle check` to find out whether it could.
#pragma once
#include <span>
#include <string>
#include <string_view>

#include "shared/base/result.hpp"
#include "shared/config/config.hpp"
#include "shared/tls/certificate.hpp"
#include "shared/tls/credentials.hpp"
#include "shared/tls/openssl.hpp"

namespace bundle {

// A Credential, parsed.
struct KeyPair {
    std::string certificate_file;
    Certificate certificate;
    PrivateKeyPtr key;
};

Result<KeyPair> parse_key_pair(const Credential& credential);

// With `pairs` of different kinds, from which the handshake chooses. `client_ca`: whom to believe
// about clients; "" for nobody.
Result<SslContextPtr> make_server_context(const TlsConfig& config,
                                          std::span<const KeyPair* const> pairs,
                                          std::string_view client_ca);

}  // namespace bundle
