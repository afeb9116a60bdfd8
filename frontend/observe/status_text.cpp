#include "frontend/observe/status_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "frontend/observe/queue_text.hpp"
#include "shared/base/version.hpp"
#include "shared/status/status_words.hpp"
#include "shared/status/workers_text.hpp"
#include "shared/tls/certificate.hpp"

namespace bundle {

namespace {

std::string requests_text(const CounterTable& table) {
    std::array<std::uint64_t, 6> sums{};
    std::uint64_t all = 0;
    for (const auto& [names, counters] : table.routes())
        for (std::size_t i = 1; i < sums.size(); ++i) {
            sums.at(i) += counters->by_class.at(i);
            all += counters->by_class.at(i);
        }
    std::string text = fmt::format("requests     {}", all);
    for (std::size_t i = 1; i < sums.size(); ++i)
        if (sums.at(i) != 0) text += fmt::format("  {}xx {}", i, sums.at(i));
    return text + "\n";
}

std::string app_text(const AppStatus& app) {
    return workers_heading(app) + "; " + waiting_text(app) + "\n" + workers_table(app);
}

std::string certificate_text(const CertificateStatus& certificate, const StatusFacts& facts) {
    const FloatSeconds left = certificate.not_after - facts.now;
    return fmt::format("certificate  {} for {}: {} on {}{}\n", certificate.file,
                       fmt::join(certificate.names, ", "), left.count() < 0 ? "expired" : "expires",
                       date_text(certificate.not_after),
                       left.count() < 0 ? "" : ", in " + length_text(left));
}

}  // namespace

std::string head_text(const StatusFacts& facts) {
    std::string text = fmt::format(
        "bundle {}    {}, {}, up {}, generation {}", kBundleVersion, facts.name,
        facts.why_not_ready.empty() ? "ready" : "not ready (" + facts.why_not_ready + ")",
        length_text(facts.now - facts.started), facts.generation);
    const FrontCounters& counters = *facts.counters;
    if (counters.reloads + counters.failed_reloads > 0)
        text += fmt::format(", {} reloads, {} failed", counters.reloads, counters.failed_reloads);
    return text + "\n";
}

std::string connections_text(const StatusFacts& facts) {
    std::uint64_t all = 0;
    std::string doing;
    for (const auto& [what, count] : facts.connections) {
        all += count;
        doing += fmt::format("{}{} {}", doing.empty() ? ": " : ", ", count, what);
    }
    return fmt::format("connections  {} of {}{}\n", all, facts.most_connections, doing);
}

std::string apps_text(const StatusFacts& facts) {
    std::string text;
    for (const AppStatus& app : facts.apps) text += app_text(app);
    return text;
}

std::string status_text(const StatusFacts& facts) {
    std::string text = head_text(facts) + requests_text(*facts.table) + connections_text(facts);
    for (const CertificateStatus& certificate : facts.certificates)
        text += certificate_text(certificate, facts);
    if (facts.spool_bytes > 0)
        text +=
            fmt::format("on disk      {} of bodies and answers\n", size_text(facts.spool_bytes));
    if (facts.lost_log_lines > 0)
        text += fmt::format("access log   {} lines could not be written\n", facts.lost_log_lines);
    for (const auto& [of, count] : facts.counters->worker_ends)
        text += fmt::format("ended        {} {} of app {}: {}\n", count,
                            count == 1 ? "worker" : "workers", of.first, of.second);
    return text + apps_text(facts);
}

}  // namespace bundle
