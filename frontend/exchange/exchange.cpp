#include "frontend/exchange/exchange.hpp"

#include <utility>

namespace bundle {

namespace {

// Enough for the requests of one loop's turn; more would only hold memory after a peak.
constexpr std::size_t kMostUnused = 256;
// What only odd requests need is not kept either: the unused ones stay below 16 KiB each.
constexpr std::size_t kLargeHead = 8U << 10;
constexpr std::size_t kManyFields = 128;

}  // namespace

void Exchange::meet(const RouteMatch& route) {
    match = route;
    answer.set_limits(route.rules->answer_limits);
    body_pace.begin(route.rules->http.body_min_rate);
    send_pace.begin(route.rules->http.send_min_rate);
}

void Exchange::clear() {
    parser.reset();
    head.clear();
    has_head = false;
    claims.clear();
    if (head.bytes.capacity() > kLargeHead) head.bytes = std::string();
    if (head.fields.capacity() > kManyFields) head.fields = Headers();
    body.clear();
    request = {};
    submitted = false;
    watches = false;
    redirect.reset();
    given.reset();
    in_maintenance = false;
    compressed.reset();
    taken = 0;
    refused = false;
    behind = 0;
    times = {};
    has_record = false;
    reason.clear();
    answer_fields.clear();
    answer.clear();
    meet({.rules = &snapshot->router.rules_without_match()});
    answer_begins = 0;
}

std::unique_ptr<Exchange> ExchangePool::take(const std::shared_ptr<const Snapshot>& snapshot) {
    while (!unused_.empty()) {
        auto exchange = std::move(unused_.back());
        unused_.pop_back();
        if (exchange->snapshot == snapshot) return exchange;
    }
    return std::make_unique<Exchange>(snapshot);
}

void ExchangePool::give_back(std::unique_ptr<Exchange> exchange,
                             const std::shared_ptr<const Snapshot>& snapshot) {
    if (unused_.size() >= kMostUnused || exchange->snapshot != snapshot) return;
    exchange->clear();
    unused_.push_back(std::move(exchange));
}

}  // namespace bundle
