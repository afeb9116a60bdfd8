#include "frontend/observe/app_metrics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "frontend/observe/metric_words.hpp"
#include "shared/base/utf8.hpp"

namespace bundle {

namespace {

using wire::MetricKind;

bool is_gauge(MetricKind kind) {
    return kind != MetricKind::Counter && kind != MetricKind::Histogram;
}

bool is_name(std::string_view name) {
    const auto is_letter = [](char c) {
        return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    };
    return !name.empty() && is_letter(name.front()) && std::ranges::all_of(name, [&](char c) {
        return is_letter(c) || (c >= '0' && c <= '9');
    });
}

// A worker may be anyone's code: what it says must not make the whole page unreadable.
bool is_readable(const wire::AppSeries& series) {
    return is_name(series.name) && !series.name.starts_with("bundle_") && is_utf8(series.help) &&
           std::ranges::is_sorted(series.bounds) &&
           std::ranges::all_of(series.labels, [](const auto& label) {
               return is_name(label.first) && label.first != "le" && label.first != "app" &&
                      is_utf8(label.second);
           });
}

std::string labels_text(std::string_view app, const wire::AppSeries& series) {
    std::string text;
    append_label(text, "app", app);
    for (const auto& [name, value] : series.labels) append_label(text += ',', name, value);
    return text;
}

void combine(MetricKind kind, double& into, double value) {
    if (kind == MetricKind::MaxGauge)
        into = std::max(into, value);
    else if (kind == MetricKind::MinGauge)
        into = std::min(into, value);
    else
        into += value;
}

std::string_view type_of(MetricKind kind) {
    if (kind == MetricKind::Histogram) return "histogram";
    return kind == MetricKind::Counter ? "counter" : "gauge";
}

void append_histogram(std::string& out, std::string_view name, const std::string& labels,
                      std::span<const double> bounds, std::span<const double> values) {
    double count = 0;
    for (std::size_t i = 0; i <= bounds.size(); ++i) {
        count += values[i];
        out += fmt::format("{}_bucket{{{},le=\"{}\"}} {}\n", name, labels,
                           i < bounds.size() ? metric_number(bounds[i]) : "+Inf",
                           metric_number(count));
    }
    out += fmt::format("{0}_sum{{{1}}} {2}\n{0}_count{{{1}}} {3}\n", name, labels,
                       metric_number(values.back()), metric_number(count));
}

}  // namespace

void AppMetrics::add(std::string_view app, std::span<const char> memory, Worker worker) {
    wire::read_app_metrics(memory, [&](const wire::AppSeries& series) {
        const bool counts = worker == Worker::Lives || !is_gauge(series.kind);
        if (counts && is_readable(series)) add(app, series);
    });
}

void AppMetrics::add(std::string_view app, const wire::AppSeries& series) {
    if (count_ == kMostSeries) return;
    auto family = families_.find(series.name);
    if (family == families_.end())
        family = families_
                     .emplace(series.name,
                              Family{series.kind, std::string(series.help), series.bounds, {}})
                     .first;
    Family& of = family->second;
    // Another application, or a new version of this one, may mean something else by that name.
    if (of.kind != series.kind || of.bounds != series.bounds) return;
    const auto [known, is_new] = of.series.try_emplace(labels_text(app, series), series.values);
    if (is_new) {
        ++count_;
        return;
    }
    for (std::size_t i = 0; i < series.values.size(); ++i)
        combine(series.kind, known->second[i], series.values[i]);
}

std::string AppMetrics::text() const {
    std::string out;
    for (const auto& [name, family] : families_) {
        append_family(out, name, family.help, type_of(family.kind));
        for (const auto& [labels, values] : family.series) {
            if (family.kind == MetricKind::Histogram)
                append_histogram(out, name, labels, family.bounds, values);
            else
                out += fmt::format("{}{{{}}} {}\n", name, labels, metric_number(values.front()));
        }
    }
    return out;
}

}  // namespace bundle
