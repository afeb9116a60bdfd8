// ClientConnection, when a request's head is there: which site and route it meets.
#include "frontend/client/client_connection.hpp"

namespace bundle {

// False: no site is for its host.
bool ClientConnection::find_route() {
    const RequestHead& head = exchange_->head;
    const auto match = exchange_->snapshot->router.match(head.host, head.path);
    if (match) exchange_->match = *match;
    return match.has_value();
}

void ClientConnection::refuse_host() {
    const std::string& unknown = exchange_->snapshot->config.server.unknown_host;
    if (unknown == "421") return refuse({421, "no site is for this host"});
    // As nginx does and logs: whoever looks for servers at random learns nothing.
    constexpr std::uint16_t kClosed = 444;
    log_access(kClosed);
    end_exchange();
    advance(ConnectionEvent::Lost);
}

}  // namespace bundle
