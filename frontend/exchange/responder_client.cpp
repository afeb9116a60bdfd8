// The first part of Responder: who the client is, by its connection and by what trusted proxies say
// in the head.
#include <utility>

#include "frontend/exchange/responder.hpp"

namespace bundle {

// What the head says that only a trusted peer may say.
std::optional<Refusal> Responder::read_trusted_claims() {
    Exchange& exchange = *exchange_;
    if (!client_.peer.is_proxy) return std::nullopt;
    if (auto refusal = read_claims(exchange.head, exchange.snapshot->trust, exchange.claims))
        return refusal;
    if (const auto id = RequestId::from(exchange.claims.request_id)) exchange.id = *id;
    return std::nullopt;
}

ClientFacts Responder::client_facts() {
    ClientFacts facts{.address = client_.peer.text.view(),
                      .port = client_.peer.port_text(),
                      .scheme = scheme(),
                      .server_port = client_.server_port};
    facts.underscores = exchange_->match.rules->http.underscore_headers;
    if (client_.tls != nullptr) facts.tls = client_.tls->variables();
    return client_.peer.is_proxy ? facts_by_proxy(facts, exchange_->head, exchange_->claims)
                                 : facts;
}

// By which the client came, as far as the connection or a trusted proxy tells.
std::string_view Responder::scheme() const {
    const std::string_view told = exchange_->claims.scheme;
    if (!told.empty()) return told;
    return client_.tls != nullptr ? "https" : "http";
}

// For logs: of the request if there is one, else of the connection.
std::string_view Responder::client_address() const {
    const std::string_view told = exchange_ ? exchange_->claims.address.view() : std::string_view();
    return told.empty() ? client_.peer.text.view() : told;
}

// The same as a value; none for a unix socket.
IpAddress Responder::client_ip() const {
    const std::string_view told = exchange_->claims.address.view();
    return told.empty() ? client_.peer.address : IpAddress::parse(told).value_or(IpAddress());
}

}  // namespace bundle
