#include "frontend/client/exchange.hpp"

#include <utility>

namespace bundle {

namespace {

// Enough for the requests of one loop's turn; more would only hold memory after a peak.
constexpr std::size_t kMostUnused = 256;

}  // namespace

void Exchange::clear() {
    parser.reset();
    head.clear();
    claims.clear();
    match = {};
    body.clear();
    request = {};
    refused = false;
    answer.clear();
}

std::unique_ptr<Exchange> ExchangePool::take(const std::shared_ptr<const Snapshot>& snapshot) {
    while (!unused_.empty()) {
        auto exchange = std::move(unused_.back());
        unused_.pop_back();
        if (exchange->snapshot == snapshot) return exchange;
    }
    return std::make_unique<Exchange>(snapshot);
}

void ExchangePool::give_back(std::unique_ptr<Exchange> exchange) {
    if (unused_.size() >= kMostUnused) return;
    exchange->clear();
    unused_.push_back(std::move(exchange));
}

}  // namespace bundle
