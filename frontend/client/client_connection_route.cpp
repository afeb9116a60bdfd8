// ClientConnection, when a request's head is there: which site and route it meets, and what answers
// it without an application.
#include <optional>

#include "frontend/client/client_connection.hpp"
#include "frontend/files/static_file.hpp"
#include "frontend/route/fixed_answer.hpp"
#include "shared/routing/host_name.hpp"

namespace bundle {

// False: no site is for its host.
bool ClientConnection::find_route() {
    const RequestHead& head = exchange_->head;
    const auto match = exchange_->snapshot->router.match(head.host, head.path);
    if (match) exchange_->meet(*match);
    return match.has_value();
}

void ClientConnection::refuse_host() {
    if (exchange_->snapshot->config.server.unknown_host == "421")
        return refuse({421, "no site is for this host"});
    close_unanswered();
}

// As nginx does and logs: whoever looks for servers at random learns nothing.
void ClientConnection::close_unanswered() {
    log_access(FixedAnswer::kClose);
    end_exchange();
    advance(ConnectionEvent::Lost);
}

// Whatever the body is, and whether or not there is a file.
std::optional<Answer> ClientConnection::answer_from_head() {
    const RouteMatch& match = exchange_->match;
    const AccessList& access = match.rules->access;
    if (!access.admits_everybody() && !access.admits(client_ip())) return Answer{.status = 403};
    if (match.fixed == nullptr) return std::nullopt;
    const RequestHead& head = exchange_->head;
    const HostName host(head.host);
    if (host.view().empty() && match.fixed->needs_host()) return Answer{.status = 400};
    return match.fixed->to({.scheme = client_facts().scheme,
                            .host = host.view(),
                            .path = head.path,
                            .rest = match.rest,
                            .query = head.query});
}

std::optional<Answer> ClientConnection::answer_from_files() {
    const RouteMatch& match = exchange_->match;
    if (match.files == nullptr) return std::nullopt;
    const auto ask = [&](std::string_view path) {
        const FileRequest file = {*match.files, path, exchange_->head,
                                  match.app ? OtherMethods::PassOn : OtherMethods::Refuse};
        return answer_from_file(context_.files, file, context_.now());
    };
    auto answer = ask(match.file_path);
    if (!answer && !match.fallback_file.empty()) answer = ask(match.fallback_file);
    return answer;
}

// What no body can change, so that nobody sends one in vain: neither an application is there to
// take it, nor a file to be read.
std::optional<Answer> ClientConnection::answer_before_body() {
    if (auto answer = answer_from_head()) return answer;
    const Exchange& exchange = *exchange_;
    if (exchange.match.app) return std::nullopt;
    Answer nothing;
    nothing.status = 404;
    if (exchange.match.files == nullptr) return nothing;
    if (exchange.head.method == "GET" || exchange.head.method == "HEAD") return std::nullopt;
    return answer_from_files().value_or(nothing);
}

}  // namespace bundle
