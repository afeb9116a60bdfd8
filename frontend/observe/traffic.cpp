#include "frontend/observe/traffic.hpp"

#include <algorithm>

namespace bundle {

namespace {

using FloatSeconds = std::chrono::duration<double>;

// The sweep that looks comes a little early or late.
constexpr std::chrono::milliseconds kSecond{900};

enum Part : std::size_t { Read, Queue, AppFirst, App, Send };  // of kCountedParts

}  // namespace

Traffic::Totals Traffic::totals_of(const CounterTable& table) {
    constexpr std::size_t kFailed = 5;  // 5xx
    Totals totals;
    for (const auto& [names, counters] : table.routes()) {
        for (const std::uint64_t count : counters->by_class) totals.requests += count;
        totals.failed += counters->by_class[kFailed];
        for (std::size_t i = 0; i < totals.parts.size(); ++i)
            totals.parts.at(i) += counters->parts.at(i).sum();
    }
    return totals;
}

bool Traffic::look(const CounterTable& table, Moment now) {
    if (began_ && now - *began_ < kSecond) return false;
    const Totals totals = totals_of(table);
    if (began_) {
        const double length = FloatSeconds(now - *began_).count();
        const auto requests = static_cast<double>(totals.requests - before_.requests);
        const auto failed = static_cast<double>(totals.failed - before_.failed);
        const auto mean = [&](Part part) {
            const FloatSeconds took = totals.parts.at(part) - before_.parts.at(part);
            return requests > 0 ? std::max(took.count(), 0.0) / requests : 0.0;
        };
        const double first = mean(AppFirst);
        seconds_.push_back({
            .requests = requests / length,
            .failed = failed / length,
            .parts = {mean(Read), mean(Queue), first, std::max(mean(App) - first, 0.0),
                      mean(Send)}
        });
        if (seconds_.size() > kMost) seconds_.pop_front();
    }
    before_ = totals;
    began_ = now;
    return true;
}

void Traffic::note_load(std::size_t waiting, std::size_t busy) {
    if (seconds_.empty()) return;
    seconds_.back().waiting = waiting;
    seconds_.back().busy = busy;
}

}  // namespace bundle
