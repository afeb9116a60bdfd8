// Any memory of a worker gives whole lines, each of a metric or about one: nothing that the worker
// writes adds a line, or makes bundle's own metrics say something else.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "frontend/observe/app_metrics.hpp"
#include "shared/base/check.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::vector<char> memory(data, data + size);  // aligned, as shared memory is
    bundle::AppMetrics metrics;

    metrics.add("shop", 2, memory, bundle::AppMetrics::Worker::Lives);
    metrics.add("shop", 1, memory, bundle::AppMetrics::Worker::IsGone);

    const std::string text = metrics.text();
    BUNDLE_CHECK(text.empty() || text.back() == '\n');
    for (std::string_view rest = text; !rest.empty();) {
        const std::string_view line = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(line.size() + 1);
        const bool is_about_one = line.starts_with("# HELP ") || line.starts_with("# TYPE ");
        BUNDLE_CHECK(is_about_one || line.find("{app=\"shop\"") != std::string_view::npos);
        BUNDLE_CHECK(!line.starts_with("bundle_") ||
                     line.starts_with("bundle_app_series_lost_total{app=\"shop\"} "));
    }
    return 0;
}
