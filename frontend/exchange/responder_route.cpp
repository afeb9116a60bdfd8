// Responder, when a request's head is there: which site and route it meets, and what answers
// it without an application.
#include <optional>

#include "frontend/answer/redirect.hpp"
#include "frontend/exchange/responder.hpp"
#include "frontend/files/static_file.hpp"
#include "frontend/route/fixed_answer.hpp"
#include "frontend/route/health_answer.hpp"
#include "shared/http/url_path.hpp"
#include "shared/routing/host_name.hpp"

namespace bundle {

// A browser sends over one connection what is for any host that its certificate has (RFC 9113
// section 9.1.1); for another certificate of ours it has to come again, with that name in TLS.
bool Responder::is_misdirected() const {
    return exchange_->head.version == HttpVersion::Http2 && client_.tls != nullptr &&
           !client_.tls->is_right_for(HostName(exchange_->head.host).view());
}

// Over a connection for a site that asks less of its clients, nobody comes to one that asks more.
bool Responder::shows_too_little() const {
    const SiteRules* const site = exchange_->match.rules->site.get();
    return site != nullptr && client_.tls != nullptr &&
           site->client_verify > client_.tls->client_verify();
}

// False: no site is for its host.
bool Responder::find_route() {
    const RequestHead& head = exchange_->head;
    if (client_.is_admin) {
        exchange_->meet({.rules = &exchange_->snapshot->of_admin});
        return true;
    }
    const auto match = exchange_->snapshot->router.match(head.host, head.path);
    if (match) exchange_->meet(*match);
    return match.has_value();
}

Responder::HeadOutcome Responder::refuse_host() {
    if (exchange_->snapshot->config.server.unknown_host != "421")
        return close_unanswered("no site is for this host");
    refuse({421, "no site is for this host"});
    return HeadOutcome::Answered;
}

// As nginx does and logs: whoever looks for servers at random learns nothing.
Responder::HeadOutcome Responder::close_unanswered(std::string_view why) {
    exchange_->reason = why;
    log_access(FixedAnswer::kClose);
    leave_unanswered();
    return HeadOutcome::Answered;
}

bool Responder::leads_to_https() const {
    // Whoever issues certificates asks by http, and an application or a file answers.
    constexpr std::string_view kAcme = "/.well-known/acme-challenge/";
    const Exchange& exchange = *exchange_;
    const SiteRules* site = exchange.match.rules->site.get();
    return site != nullptr && site->to_https && scheme() == "http" &&
           exchange.head.path.starts_with('/') && !exchange.head.path.starts_with(kAcme);
}

std::string Responder::why_not_ready() const {
    if (context_.stopping) return "bundle is told to stop";
    return context_.dispatcher.why_not_ready();
}

// Of the connection's peer alone: nobody may claim to be an admin for another one.
Answer Responder::answer_to_admin() const {
    const bool is_local = client_.peer.text.view().empty();
    if (!is_local && !exchange_->snapshot->admins.contain(client_.peer.address))
        return {.status = 403};
    return answer_from_admin(exchange_->head.path);
}

Answer Responder::answer_from_admin(std::string_view path) const {
    return context_.admin != nullptr ? context_.admin->answer(path, exchange_->head)
                                     : Answer{.status = 404};
}

// The page's links are relative: they need the slash behind the route's path.
Answer Responder::status_page_of_route() const {
    const RequestHead& head = exchange_->head;
    const std::string_view rest = exchange_->match.rest;
    if (rest.empty() && !head.path.ends_with('/'))
        return redirect_to(301, encoded_path(head.path) + '/');
    if (rest.empty()) return answer_from_admin("/status");
    if (rest != "metrics" && !rest.starts_with("status/")) return {.status = 404};
    return answer_from_admin('/' + std::string(rest));
}

// Whatever the body is, and whether or not there is a file.
std::optional<Answer> Responder::answer_from_head() {
    const RouteMatch& match = exchange_->match;
    if (client_.is_admin) return answer_to_admin();
    if (!admits_client()) return Answer{.status = 403};
    if (match.health != HealthCheck::None)
        return health_answer(match.health == HealthCheck::Ready ? why_not_ready() : "");
    if (leads_to_https()) return leading_answer(exchange_->head, nullptr);
    if (match.fixed != nullptr) return leading_answer(exchange_->head, match.fixed);
    if (match.status_page) return status_page_of_route();
    return std::nullopt;
}

bool Responder::admits_client() {
    const AccessList& access = exchange_->match.rules->access;
    if (access.admits_everybody() || access.admits(client_ip())) return true;
    exchange_->reason = "not allowed for this client";
    return false;
}

// By what the route says of a request with that head; nothing: to the same address by https.
Answer Responder::leading_answer(const RequestHead& head, const FixedAnswer* fixed) const {
    const RouteMatch& match = exchange_->match;
    const RouteRules& rules = *match.rules;
    const HostName asked(head.host);
    const RedirectFacts facts = {
        .scheme = scheme(),
        .host = asked.view().empty() ? std::string_view(rules.site->own_host) : asked.view(),
        .path = head.path,
        .rest = match.rest,
        .query = head.query};
    if (facts.host.empty() && (fixed == nullptr || fixed->needs_host()))
        return Answer{.status = 400};
    if (fixed != nullptr) return fixed->to(facts);
    // A form that is sent again must be sent again as it was.
    const bool is_read = head.method == "GET" || head.method == "HEAD";
    return redirect_to(is_read ? 301 : 308, rules.site->to_https->filled_in(facts));
}

// In place of an application.
std::optional<Answer> Responder::answer_in_maintenance() {
    const SiteRules* site = exchange_->match.rules->site.get();
    if (site == nullptr || !(site->is_in_maintenance || context_.in_maintenance) ||
        !exchange_->match.app || site->let_through.admits(client_ip()))
        return std::nullopt;
    exchange_->reason = "maintenance";
    exchange_->in_maintenance = true;
    return Answer{.status = 503, .fields = site->of_maintenance};
}

std::optional<Answer> Responder::answer_from_files() {
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
std::optional<Answer> Responder::answer_before_body() {
    if (auto answer = answer_from_head()) return answer;
    const Exchange& exchange = *exchange_;
    if (exchange.match.app) return answer_in_maintenance();
    Answer nothing;
    nothing.status = 404;
    if (exchange.match.files == nullptr) return nothing;
    if (exchange.head.method == "GET" || exchange.head.method == "HEAD") return std::nullopt;
    return answer_from_files().value_or(nothing);
}

}  // namespace bundle
