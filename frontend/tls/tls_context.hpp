// Everything that listeners with tls = true need to serve, made from [tls] and its files;
// immutable. A client gets the certificates for the server name that it asks for: those that name
// it exactly before those with a wildcard, RSA beside ECDSA where there are both.
#pragma once
#include <array>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "frontend/tls/client_policy.hpp"
#include "frontend/tls/ticket_keys.hpp"
#include "shared/base/result.hpp"
#include "shared/config/config.hpp"
#include "shared/tls/credentials.hpp"
#include "shared/tls/openssl.hpp"
#include "shared/tls/server_context.hpp"

namespace bundle {

class TlsContext {
  public:
    // `keys` outlives every session. An error: the credentials cannot be used, which the master has
    // checked.
    static Result<std::shared_ptr<const TlsContext>> create(const Config& config,
                                                            const Credentials& credentials,
                                                            TicketKeys& keys);
    TlsContext(const TlsContext&) = delete;
    TlsContext& operator=(const TlsContext&) = delete;

    // A server's side, which shows the certificates of the name that its client asks for. The
    // context outlives it.
    [[nodiscard]] SslPtr new_session() const;
    // For `name`, lower-case; nullptr: no certificate has it.
    [[nodiscard]] SSL_CTX* context_for(std::string_view name) const;
    // The same, but the one for clients who ask for no such name.
    [[nodiscard]] SSL_CTX* context_or_default(std::string_view name) const {
        SSL_CTX* const own = context_for(name);
        return own != nullptr ? own : contexts_.front().second.get();
    }

  private:
    // One certificate of each kind of key.
    using Choice = std::array<const KeyPair*, kKeyKinds>;

    explicit TlsContext(const Config& config) : clients_(config) {}

    Result<void> add_names(const TlsConfig& config, const Credentials& credentials,
                           TicketKeys& keys);
    Result<SSL_CTX*> context_of(const Choice& choice, const TlsConfig& config,
                                const Credentials& credentials, TicketKeys& keys);
    [[nodiscard]] Choice choice_for(std::string_view name) const;
    // OpenSSL calls it with the ClientHello: chooses the certificates, or refuses the name.
    static int on_client_hello(SSL* ssl, int* alert, void* context);

    std::vector<KeyPair> pairs_;
    std::vector<std::pair<Choice, SslContextPtr>> contexts_;  // the first one is the default
    std::map<std::string, SSL_CTX*, std::less<>> by_name_;    // "*.example.com" among them
    bool rejects_unknown_ = false;
    ClientPolicy clients_;
    std::string client_ca_;  // its digest; "": nobody is believed
};

// The server name in a ClientHello, lower-case; "" when there is none.
std::string server_name_in_hello(SSL* ssl);

}  // namespace bundle
