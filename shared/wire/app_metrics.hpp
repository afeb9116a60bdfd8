// The metrics of an application, as one of its workers counts them: memory that the worker writes
// and the front reads, so that a scrape costs the worker nothing. backend/python/metrics.py writes.
//
// All numbers are the machine's own. At the start stand, with 4 bytes each, how many bytes are used
// and how many series had no room; records follow, one for each series, each at a multiple of 8:
//
//   offset  size
//   0       4     length of the record, a multiple of 8
//   4       4     MetricKind
//   8       4     how many bounds a histogram has; else 0
//   12      4     length of its text
//   16      8 n   values (float64): one; of a histogram one for each bound, one for what is above
//                 all of them (each without those below), and the sum
//                 bounds (float64)
//                 text: name, help and then labels and their values in turns, each ended by a NUL
//
// A record never moves and its shape never changes; its values do, each in one write.
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace bundle::wire {

inline constexpr std::size_t kAppMetricsSize = 256U << 10;

// What becomes of the values of several workers: they are added, or the greatest or least counts.
enum class MetricKind : std::uint32_t {
    Counter = 1,
    SumGauge = 2,
    MaxGauge = 3,
    MinGauge = 4,
    Histogram = 5,
};

struct AppSeries {
    MetricKind kind{};
    std::string_view name;
    std::string_view help;
    std::vector<std::pair<std::string_view, std::string_view>> labels;
    std::vector<double> bounds;
    std::vector<double> values;
};

// Whatever the memory holds: what makes no sense ends it. The views are good for the call.
using ReadSeries = std::function<void(const AppSeries& series)>;
void read_app_metrics(std::span<const char> memory, const ReadSeries& read);
// How many had no room.
std::uint32_t lost_app_series(std::span<const char> memory);

}  // namespace bundle::wire
