#include "shared/wire/app_metrics.hpp"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <optional>
#include <string>

namespace bundle::wire {

namespace {

constexpr std::size_t kAlign = 8;

struct Head {
    std::uint32_t size;
    MetricKind kind;
    std::uint32_t bounds;
    std::uint32_t text;
};
static_assert(sizeof(Head) == 2 * kAlign);

std::size_t values_of(const Head& head) {
    return head.kind == MetricKind::Histogram ? std::size_t{head.bounds} + 2 : 1;
}

bool makes_sense(const Head& head, std::size_t room) {
    if (head.size > room || head.size % kAlign != 0 || head.bounds > room || head.text > room)
        return false;
    if (head.kind < MetricKind::Counter || head.kind > MetricKind::Histogram) return false;
    if (head.kind != MetricKind::Histogram && head.bounds != 0) return false;
    return sizeof head + (values_of(head) + head.bounds) * sizeof(double) + head.text <= head.size;
}

std::uint64_t load(const char* from) {
    return reinterpret_cast<const std::atomic<std::uint64_t>*>(from)->load(
        std::memory_order_acquire);
}

struct Start {
    std::uint32_t used;
    std::uint32_t lost;
};
static_assert(sizeof(Start) == kAlign);

Start start_of(std::span<const char> memory) {
    Start start{};
    if (memory.size() < kAlign) return start;
    const std::uint64_t bits = load(memory.data());
    std::memcpy(&start, &bits, sizeof start);
    return start;
}

std::vector<double> numbers(const char* from, std::size_t count) {
    std::vector<double> numbers(count);
    for (double& number : numbers) {
        const std::uint64_t bits = load(from);
        std::memcpy(&number, &bits, sizeof number);
        from += sizeof number;
    }
    return numbers;
}

std::optional<std::string_view> take_text(std::string_view& text) {
    const std::size_t end = text.find('\0');
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view taken = text.substr(0, end);
    text.remove_prefix(end + 1);
    return taken;
}

bool read_text(std::string_view text, AppSeries& series) {
    const auto name = take_text(text);
    const auto help = take_text(text);
    if (!name || !help) return false;
    series.name = *name;
    series.help = *help;
    while (!text.empty()) {
        const auto label = take_text(text);
        const auto value = take_text(text);
        if (!label || !value) return false;
        series.labels.emplace_back(*label, *value);
    }
    return true;
}

}  // namespace

void read_app_metrics(std::span<const char> memory, const ReadSeries& read) {
    const std::size_t used = std::min<std::size_t>(start_of(memory).used, memory.size());
    for (std::size_t at = kAlign; at + sizeof(Head) <= used;) {
        Head head{};
        std::memcpy(&head, memory.data() + at, sizeof head);
        if (!makes_sense(head, used - at)) return;
        const char* const values = memory.data() + at + sizeof head;
        const char* const bounds = values + values_of(head) * sizeof(double);
        // A copy: the worker may write whatever it likes while we look.
        const std::string text(bounds + head.bounds * sizeof(double), head.text);
        AppSeries series{.kind = head.kind,
                         .name = {},
                         .help = {},
                         .labels = {},
                         .bounds = numbers(bounds, head.bounds),
                         .values = numbers(values, values_of(head))};
        if (!read_text(text, series)) return;
        read(series);
        at += head.size;
    }
}

std::uint32_t lost_app_series(std::span<const char> memory) { return start_of(memory).lost; }

}  // namespace bundle::wire
