// Responder, when an application leads a request on: to a route of the site
// (X-Accel-Redirect) or to a file (X-Sendfile); and when it gives a file itself.
//
// It is noted when the answer's head comes, and followed when everything that came with the head
// has been told: by then the answer of nearly every application is over, and its worker need not be
// told that nobody wants the rest.
#include <sys/stat.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "frontend/exchange/responder.hpp"
#include "frontend/files/open_file.hpp"
#include "frontend/files/static_file.hpp"
#include "frontend/route/fixed_answer.hpp"
#include "shared/base/log.hpp"
#include "shared/http/url_path.hpp"

namespace bundle {

namespace {

// An application may write much; its log line need not show it all.
std::string_view shown(std::string_view target) {
    constexpr std::size_t kMost = 256;
    return target.substr(0, kMost);
}

// As Flask and django-sendfile write a path, it stands for itself; for Apache and lighttpd one
// encodes it. Encoded dots and slashes are not made into "..": what an application puts into a path
// from outside, a file's name, stays below the folder that it puts it in.
std::optional<std::string> decoded_path(const std::string& written) {
    const auto encoded_bytes = static_cast<std::size_t>(std::ranges::count(written, '%'));
    std::string decoded;
    const bool is_encoded =
        encoded_bytes > 0 && resolve_path(written, decoded) == PathVerdict::Good;
    if (!is_encoded || decoded.size() != written.size() - 2 * encoded_bytes) return std::nullopt;
    return decoded;
}

}  // namespace

bool Responder::redirects() const {
    return exchange_ != nullptr && exchange_->redirect != nullptr && exchange_->redirect->pending;
}

// Nothing more is wanted of it; for the access log it stays the one that had the request.
void Responder::leave_worker() {
    Exchange& exchange = *exchange_;
    context_.dispatcher.withdraw(exchange.request);
    if (exchange.times.done == TimePoint()) exchange.times.done = TimePoint::clock::now();
    AppRequest left;
    left.app = exchange.request.app;
    left.worker_slot = exchange.request.worker_slot;
    left.worker_pid = exchange.request.worker_pid;
    left.cost = exchange.request.cost;
    exchange.request = std::move(left);
    exchange.reason.clear();
}

void Responder::follow_redirect() {
    Exchange& exchange = *exchange_;
    InternalRedirect& redirect = *exchange.redirect;
    redirect.pending = false;
    leave_worker();
    const std::uint32_t app = exchange.request.app;
    if (redirect.count > InternalRedirect::kMost) {
        log_error(
            "X-Accel-Redirect leads from one application to the next without an end, "
            "answering 500 app={} target={} {}",
            exchange.snapshot->config.apps[app].name, log_quoted(shown(redirect.target)),
            OfRequest{exchange.id.view()});
        exchange.reason = "X-Accel-Redirect without an end";
        return answer_with_error(500);
    }
    if (redirect.to == InternalRedirect::To::File) return follow_to_file(app);
    follow_to_route(app);
}

void Responder::follow_to_route(std::uint32_t from_app) {
    Exchange& exchange = *exchange_;
    RequestHead& head = exchange.redirect->head;
    const auto match =
        exchange.redirect->lead_to_route(exchange.head,
                                         exchange.snapshot->config.http.max_request_line)
            ? exchange.snapshot->router.match(head.host, head.path, Asker::Application)
            : std::nullopt;
    // The headers, errors and limits are those of the route that answers, as in nginx.
    if (match) exchange.meet(*match);
    if (match && answer_as_led(*match)) return;
    log_warn("X-Accel-Redirect leads to nothing, answering 404 app={} target={} {}",
             exchange.snapshot->config.apps[from_app].name,
             log_quoted(shown(exchange.redirect->target)), OfRequest{exchange.id.view()});
    exchange.reason = "X-Accel-Redirect leads to nothing";
    answer_with_error(404);
}

// What a client would be answered by that route. False: nothing.
bool Responder::answer_as_led(const RouteMatch& match) {
    if (!admits_client()) return answer_with_error(403), true;
    if (match.fixed != nullptr && match.fixed->closes())
        return close_unanswered("return = 444"), true;
    if (match.fixed != nullptr) {
        answer_with_kept_fields(leading_answer(exchange_->redirect->head, match.fixed),
                                exchange_->redirect->kept);
        return true;
    }
    for (const std::string_view path : {match.file_path, match.fallback_file}) {
        if (match.files == nullptr || path.empty()) continue;
        const FileRequest file = {*match.files, path, exchange_->head};
        auto answer = answer_from_named_file(context_.files, file, context_.now());
        if (answer)
            return answer_with_kept_fields(std::move(*answer), exchange_->redirect->kept), true;
    }
    if (match.app) redirect_to_app(*match.app);
    return match.app.has_value();
}

void Responder::redirect_to_app(std::uint32_t app) {
    exchange_->body.clear();
    submit(app);
}

void Responder::follow_to_file(std::uint32_t from_app) {
    Exchange& exchange = *exchange_;
    const SendFileRoots& roots = exchange.snapshot->send_file_roots[from_app];
    const std::string& written = exchange.redirect->target;
    const auto decoded = decoded_path(written);
    const char* why = "it stands below no folder of send_file_roots";
    for (const std::string* path : {&written, decoded ? &*decoded : nullptr}) {
        const auto found = path != nullptr ? roots.place_of(*path) : std::nullopt;
        if (!found) continue;
        const FileRequest file = {*found->root, found->path, exchange.head};
        if (auto answer = answer_from_named_file(context_.files, file, context_.now()))
            return answer_with_kept_fields(std::move(*answer), exchange.redirect->kept);
        why = "there is no such file";
    }
    const std::string& name = exchange.snapshot->config.apps[from_app].name;
    if (!roots.empty()) {
        log_warn("X-Sendfile leads to nothing, answering 404 app={} path={} reason={} {}", name,
                 log_quoted(shown(written)), log_quoted(why), OfRequest{exchange.id.view()});
    } else if (context_.told_no_roots.insert(from_app).second) {
        log_error(
            "the app sends X-Sendfile, but may name no file, answering 404; write "
            "send_file_roots = [\"/folder\"] in [app.{}] path={} {}",
            name, log_quoted(shown(written)), OfRequest{exchange.id.view()});
    }
    exchange.reason = "X-Sendfile leads to nothing";
    answer_with_error(404);
}

void Responder::answer_with_given_file() {
    Exchange& exchange = *exchange_;
    const std::unique_ptr<GivenFile> given = std::move(exchange.given);
    leave_worker();
    FoundFile found{.kind = FoundFile::Kind::File, .fd = std::move(given->file)};
    if (fstat(found.fd.get(), &found.facts) != 0 || !S_ISREG(found.facts.st_mode)) {
        exchange.reason = "what the worker sent is no file";
        return answer_with_error(500);
    }
    auto file = std::make_shared<const OpenFile>(std::move(found), given->said.fields());
    answer_with_kept_fields(
        answer_from_given_file(std::move(file), exchange.head, exchange.match.rules->max_ranges),
        std::make_shared<const StoredFields>(kept_fields(given->said.fields())));
}

void Responder::answer_with_kept_fields(Answer answer, std::shared_ptr<const StoredFields> kept) {
    if (answer.status == 403 && exchange_->redirect)
        log_warn(
            "the front may not read the file that an application named, answering 403 target={} "
            "{}",
            log_quoted(shown(exchange_->redirect->target)), OfRequest{exchange_->id.view()});
    answer_with(with_kept_fields(std::move(answer), std::move(kept)));
}

}  // namespace bundle
