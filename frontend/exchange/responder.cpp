#include "frontend/exchange/responder.hpp"

#include <utility>

#include "frontend/route/fixed_answer.hpp"
#include "shared/base/check.hpp"

namespace bundle {

using Clock = std::chrono::steady_clock;

Responder::~Responder() { BUNDLE_CHECK(exchange_ == nullptr); }

void Responder::begin_exchange() {
    exchange_ = context_.exchanges.take(context_.snapshot);
    exchange_->times.received = Clock::now();
    exchange_->id = context_.request_ids.next(context_.wall_time(exchange_->times.received));
}

void Responder::end_exchange() {
    if (exchange_ == nullptr) return;
    const AppRequest& request = exchange_->request;
    if (request.in_queue)
        exchange_->snapshot->app_counters[request.app]->dropped(QueueDrop::ClientLeft);
    context_.dispatcher.withdraw(exchange_->request);
    if (exchange_->watches) context_.admin->leave(*this);
    drop_compressed();
    context_.exchanges.give_back(std::move(exchange_), context_.snapshot);
}

Responder::HeadOutcome Responder::meet_head() {
    Exchange& exchange = *exchange_;
    exchange.has_head = true;
    const RequestHead& head = exchange.head;
    if (const auto refusal = read_trusted_claims()) return refuse(*refusal), HeadOutcome::Answered;
    if (is_misdirected()) {
        refuse({421, "the connection was made for another host"});
        return HeadOutcome::Answered;
    }
    if (!find_route()) return refuse_host();
    if (shows_too_little()) {
        refuse({421, "the site wants another certificate of the client than the connection's"});
        return HeadOutcome::Answered;
    }
    if (exchange.match.fixed != nullptr && exchange.match.fixed->closes())
        return close_unanswered("return = 444");
    const RouteRules& rules = *exchange.match.rules;
    if (rules.http.underscore_headers == UnderscoreHeaders::Refuse && has_underscore_name(head)) {
        refuse({400, "field name with an underscore"});
        return HeadOutcome::Answered;
    }
    const BodyLimits& limits = rules.body_limits;
    const std::uint64_t announced = head.content_length.value_or(0);
    if (announced > limits.max.count) {
        refuse({413, "Content-Length is above http.max_body", Limit::Body});
        return HeadOutcome::Answered;
    }
    if (announced > limits.memory.count && !limits.space->has_room(announced)) {
        refuse_for_space(announced);
        return HeadOutcome::Answered;
    }
    if (!head.has_body()) return HeadOutcome::IsWhole;
    if (const auto answer = answer_before_body()) {
        exchange.refused = true;
        answer_with(*answer);
        return HeadOutcome::Answered;
    }
    return HeadOutcome::NeedsBody;
}

bool Responder::take_body(std::string_view bytes) {
    Exchange& exchange = *exchange_;
    return is_kept(exchange.body.append(bytes, exchange.match.rules->body_limits), bytes.size());
}

bool Responder::is_kept(BodyAppend outcome, std::uint64_t bytes) {
    switch (outcome) {
        case BodyAppend::Kept:
            return true;
        case BodyAppend::TooLarge:
            refuse({413, "the body is above http.max_body", Limit::Body});
            return false;
        case BodyAppend::NoRoom:
            refuse_for_space(bytes);
            return false;
        case BodyAppend::Failed:
            refuse({503, "the body's temporary file cannot be written"});
            return false;
    }
    return false;
}

void Responder::respond() {
    if (!is_kept(exchange_->body.finish(exchange_->match.rules->body_limits), 0)) return;
    if (const auto answer = answer_from_head()) return answer_with(*answer);
    if (const auto answer = answer_from_files()) return answer_with(*answer);
    if (const auto answer = answer_in_maintenance()) return answer_with(*answer);
    if (exchange_->match.app) return submit(*exchange_->match.app);
    answer_with_error(404);
}

void Responder::submit(std::uint32_t app) {
    AppRequest& request = exchange_->request;
    request.head = exchange_->redirect ? &exchange_->redirect->head : &exchange_->head;
    request.body = &exchange_->body;
    request.sink = this;
    request.client = client_facts();
    request.trust = &exchange_->snapshot->trust;
    request.request_id = exchange_->id.view();
    request.received = exchange_->times.received;
    request.queued = Clock::now();
    request.start = RequestStart::at(context_.wall_time(request.received));
    request.client.request_start = request.start.view();
    if (!std::exchange(exchange_->times.asked_app, true)) exchange_->times.whole = request.queued;
    request.generation = exchange_->snapshot->generation;
    request.app = app;
    request.mount = exchange_->match.mount;
    const milliseconds of_route = exchange_->match.request_timeout;
    request.timeout = of_route != milliseconds::zero()
                          ? of_route
                          : exchange_->snapshot->config.apps[app].request_timeout;
    request.queueing = exchange_->match.queueing;
    request.counted_as = client_.peer.is_proxy ? exchange_->claims.address.view()
                                               : std::string_view(request.client.address);
    exchange_->submitted = true;
    context_.dispatcher.submit(request);
}

}  // namespace bundle
