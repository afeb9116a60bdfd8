// Responder, when somebody asks what becomes of its request.
#include <algorithm>

#include "frontend/exchange/responder.hpp"

namespace bundle {

std::string_view Responder::asked_app() const {
    if (!exchange_->submitted) return {};
    return exchange_->snapshot->config.apps[exchange_->request.app].name;
}

RequestState Responder::request_state() const {
    const AppRequest& request = exchange_->request;
    if (exchange_->times.whole == TimePoint()) return RequestState::Reading;
    if (Dispatcher::waits(request)) return RequestState::Queued;
    const bool works = request.worker != nullptr && exchange_->answer.buffer().empty();
    return works ? RequestState::Running : RequestState::Sending;
}

Responder::TimePoint Responder::in_state_since(RequestState state) const {
    const RequestTimes& times = exchange_->times;
    if (state == RequestState::Reading) return times.received;
    if (state == RequestState::Queued) return exchange_->request.queued;
    if (state == RequestState::Running) return exchange_->request.handed_over;
    return std::max(times.whole, times.first);
}

RequestProgress Responder::progress(TimePoint now) const {
    const Exchange& exchange = *exchange_;
    const RequestState state = request_state();
    RequestProgress progress{.state = state,
                             .in_state = now - in_state_since(state),
                             .age = now - exchange.times.received,
                             .id = std::string(exchange.id.view()),
                             .client = std::string(client_address()),
                             .site = exchange.match.rules->site_name,
                             .route = exchange.match.rules->route_path,
                             .app = std::string(asked_app())};
    if (state == RequestState::Running) progress.worker_pid = exchange.request.worker_pid;
    if (!exchange.has_head) return progress;
    constexpr std::size_t kMostOfHost = 64;
    constexpr std::size_t kMostOfTarget = 192;
    progress.method = exchange.head.method;
    progress.host = exchange.head.host.substr(0, kMostOfHost);
    progress.target = exchange.head.target.substr(0, kMostOfTarget);
    return progress;
}

}  // namespace bundle
