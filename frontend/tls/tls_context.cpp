#include "frontend/tls/tls_context.hpp"

#include <fmt/format.h>
#include <openssl/sha.h>

#include <algorithm>
#include <utility>

#include "frontend/tls/tls_session.hpp"
#include "shared/http/headers.hpp"

namespace bundle {

namespace {

using Digest = std::array<unsigned char, SHA256_DIGEST_LENGTH>;

Digest digest_of(std::string_view text) {
    Digest digest;
    SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
    return digest;
}

// Asks the client for a certificate, or not. A session that was begun for one name is not resumed
// for another one, nor after the rules for client certificates have changed (CVE-2025-23419).
void ask_for_certificate(SSL* ssl, ClientVerify verify, const std::string& client_ca,
                         std::string_view name) {
    int mode = verify == ClientVerify::Off ? SSL_VERIFY_NONE : SSL_VERIFY_PEER;
    if (verify == ClientVerify::Require) mode |= SSL_VERIFY_FAIL_IF_NO_PEER_CERT;
    SSL_set_verify(ssl, mode, nullptr);
    const Digest digest = digest_of(fmt::format("{}{}\n{}", mode, client_ca, name));
    SSL_set_session_id_context(ssl, digest.data(), digest.size());
}

// Tells the client whether its name decided anything (RFC 6066 section 3).
int acknowledge_name(SSL* ssl, int* /*alert*/, void* /*unused*/) {
    return TlsSession::of(ssl).knows_server_name() ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_NOACK;
}

// Protocols of a client that offers none of ours are refused: it would speak what we do not (RFC
// 7301 section 3.2).
int choose_protocol(SSL* ssl, const unsigned char** chosen, unsigned char* length,
                    const unsigned char* offered, unsigned offered_length, void* /*unused*/) {
    const std::string& ours = TlsSession::of(ssl).protocols();
    unsigned char* choice = nullptr;
    const int found =
        SSL_select_next_proto(&choice, length, reinterpret_cast<const unsigned char*>(ours.data()),
                              static_cast<unsigned>(ours.size()), offered, offered_length);
    *chosen = choice;
    return found == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

}  // namespace

// RFC 6066 section 3: a list of names, of which there is one, of type 0, a host's.
std::string server_name_in_hello(SSL* ssl) {
    constexpr std::size_t kBeforeName = 5;
    const unsigned char* bytes = nullptr;
    std::size_t size = 0;
    if (SSL_client_hello_get0_ext(ssl, TLSEXT_TYPE_server_name, &bytes, &size) != 1 ||
        size <= kBeforeName || bytes[2] != TLSEXT_NAMETYPE_host_name)
        return {};
    const std::size_t length = static_cast<std::size_t>(bytes[3]) << 8 | bytes[4];
    constexpr std::size_t kLongest = 253;
    if (length != size - kBeforeName || length > kLongest) return {};
    std::string name(reinterpret_cast<const char*>(bytes + kBeforeName), length);
    for (char& c : name) c = ascii_lower(c);
    if (name.ends_with('.')) name.pop_back();
    const auto is_of_name = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
    };
    return std::ranges::all_of(name, is_of_name) ? name : std::string();
}

Result<std::shared_ptr<const TlsContext>> TlsContext::create(const Config& config,
                                                             const Credentials& credentials,
                                                             TicketKeys& keys) {
    if (credentials.certificates.empty()) return failure("there is no certificate to show");
    std::shared_ptr<TlsContext> made(new TlsContext(config));
    made->rejects_unknown_ = config.tls.unknown_name == UnknownName::Reject;
    if (!credentials.client_ca.empty()) {
        const Digest digest = digest_of(credentials.client_ca);
        made->client_ca_.assign(digest.begin(), digest.end());
    }
    for (const Credential& credential : credentials.certificates) {
        TRY_ASSIGN(KeyPair pair, parse_key_pair(credential));
        made->pairs_.push_back(std::move(pair));
    }
    TRY(made->add_names(config.tls, credentials, keys));
    return made;
}

Result<void> TlsContext::add_names(const TlsConfig& config, const Credentials& credentials,
                                   TicketKeys& keys) {
    // Who asks for nothing that we have gets the first one, beside those of other kinds for the
    // same names.
    const Certificate& first = pairs_.front().certificate;
    Choice usual{};
    if (!first.names.empty()) usual = choice_for(first.names.front());
    usual[static_cast<std::size_t>(first.kind)] = &pairs_.front();
    TRY(context_of(usual, config, credentials, keys));
    for (const KeyPair& pair : pairs_) {
        for (const std::string& name : pair.certificate.names) {
            if (by_name_.contains(name)) continue;
            TRY_ASSIGN(SSL_CTX* const context,
                       context_of(choice_for(name), config, credentials, keys));
            by_name_.emplace(name, context);
        }
    }
    return {};
}

// Of each kind the first certificate that has the name itself, else the first one with a wildcard.
TlsContext::Choice TlsContext::choice_for(std::string_view name) const {
    Choice choice{};
    const std::string wildcard = wildcard_of(name);
    for (const std::string_view wanted : {name, std::string_view(wildcard)}) {
        for (const KeyPair& pair : pairs_) {
            const KeyPair*& chosen = choice[static_cast<std::size_t>(pair.certificate.kind)];
            const auto& names = pair.certificate.names;
            if (chosen == nullptr && std::ranges::find(names, wanted) != names.end())
                chosen = &pair;
        }
    }
    return choice;
}

Result<SSL_CTX*> TlsContext::context_of(const Choice& choice, const TlsConfig& config,
                                        const Credentials& credentials, TicketKeys& keys) {
    for (const auto& [known, context] : contexts_)
        if (known == choice) return context.get();
    std::vector<const KeyPair*> pairs;
    for (const KeyPair* pair : choice)
        if (pair != nullptr) pairs.push_back(pair);
    TRY_ASSIGN(SslContextPtr context, make_server_context(config, pairs, credentials.client_ca));
    if (config.session_tickets) TicketKeys::serve(context.get(), keys);
    SSL_CTX_set_client_hello_cb(context.get(), on_client_hello, this);
    SSL_CTX_set_tlsext_servername_callback(context.get(), acknowledge_name);
    SSL_CTX_set_alpn_select_cb(context.get(), choose_protocol, nullptr);
    contexts_.emplace_back(choice, std::move(context));
    return contexts_.back().second.get();
}

SSL_CTX* TlsContext::context_for(std::string_view name) const {
    auto found = by_name_.find(name);
    if (found == by_name_.end()) found = by_name_.find(wildcard_of(name));
    return found == by_name_.end() ? nullptr : found->second;
}

SslPtr TlsContext::new_session() const { return SslPtr(SSL_new(contexts_.front().second.get())); }

int TlsContext::on_client_hello(SSL* ssl, int* alert, void* context) {
    const auto& self = *static_cast<const TlsContext*>(context);
    const std::string name = server_name_in_hello(ssl);
    SSL_CTX* const chosen = self.context_for(name);
    const ClientVerify verify = self.clients_.of(name);
    TlsSession::of(ssl).note_hello(
        name, chosen != nullptr ? TlsSession::NameIs::OfACertificate : TlsSession::NameIs::Unknown,
        verify);
    if (chosen == nullptr && self.rejects_unknown_) {
        *alert = SSL_AD_UNRECOGNIZED_NAME;
        return SSL_CLIENT_HELLO_ERROR;
    }
    if (chosen != nullptr && chosen != SSL_get_SSL_CTX(ssl)) SSL_set_SSL_CTX(ssl, chosen);
    ask_for_certificate(ssl, verify, self.client_ca_, name);
    return SSL_CLIENT_HELLO_SUCCESS;
}

}  // namespace bundle
