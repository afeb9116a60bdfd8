#include "frontend/observe/app_metrics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <utility>

#include "frontend/observe/metric_words.hpp"
#include "shared/base/log.hpp"
#include "shared/base/utf8.hpp"

namespace bundle {

namespace {

using wire::MetricKind;

constexpr std::string_view kLostTotal = "bundle_app_series_lost_total";

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
    const auto rise = std::ranges::adjacent_find(series.bounds, std::greater_equal<>());
    std::set<std::string_view> labels = {"le", "app"};
    return is_name(series.name) && !series.name.starts_with("bundle_") && is_utf8(series.help) &&
           rise == series.bounds.end() &&
           std::ranges::all_of(series.bounds, [](double bound) { return std::isfinite(bound); }) &&
           std::ranges::all_of(series.labels, [&](const auto& label) {
               return is_name(label.first) && !label.first.starts_with("__") &&
                      labels.insert(label.first).second && is_utf8(label.second);
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

void AppMetrics::add(std::string_view app, std::uint32_t generation, std::span<const char> memory,
                     Worker worker) {
    if (memory.empty()) return;
    Apps::value_type& to = *apps_.try_emplace(std::string(app)).first;
    to.second.lost += wire::lost_app_series(memory);
    wire::read_app_metrics(memory, [&](const wire::AppSeries& series) {
        const bool counts = worker == Worker::Lives || !is_gauge(series.kind);
        if (counts && is_readable(series)) add(to, generation, series);
    });
}

void AppMetrics::add(Apps::value_type& to, std::uint32_t generation,
                     const wire::AppSeries& series) {
    App& app = to.second;
    auto found = app.families.find(series.name);
    if (found != app.families.end() && !found->second.means_the_same(series)) {
        if (generation < found->second.generation) return;
        app.count -= found->second.series.size();
        app.families.erase(found);
        found = app.families.end();
    }
    std::string labels = labels_text(to.first, series);
    if (found != app.families.end()) {
        Family& family = found->second;
        if (family.generation < generation) {
            family.generation = generation;
            family.help = series.help;
        }
        if (const auto known = family.series.find(labels); known != family.series.end())
            return known->second.count(generation, series);
    }
    if (app.count >= kMostSeries && !make_room(app, generation)) {
        ++app.lost;
        return warn_once(
            fmt::format("app {} has more than {} series of metrics: new ones are left out, and "
                        "counted as {}; find the label whose values have no end, as ids or paths, "
                        "and do without it",
                        to.first, kMostSeries, kLostTotal));
    }
    Family& family =
        app.families
            .try_emplace(
                std::string(series.name),
                Family{series.kind, series.bounds, std::string(series.help), generation, {}})
            .first->second;
    family.series.emplace(std::move(labels), Series{series.values, generation});
    ++app.count;
}

// Values of one more worker.
void AppMetrics::Series::count(std::uint32_t of_generation, const wire::AppSeries& series) {
    for (std::size_t i = 0; i < values.size(); ++i)
        combine(series.kind, values[i], series.values[i]);
    generation = std::max(generation, of_generation);
}

bool AppMetrics::Family::means_the_same(const wire::AppSeries& series_of_it) const {
    return kind == series_of_it.kind && bounds == series_of_it.bounds;
}

// Without those that an earlier generation counted last.
bool AppMetrics::make_room(App& app, std::uint32_t generation) {
    if (generation <= app.room_made_for) return false;
    app.room_made_for = generation;
    const std::size_t before = app.count;
    for (auto& [name, family] : app.families)
        app.count -= std::erase_if(family.series, [&](const auto& series) {
            return series.second.generation < generation;
        });
    std::erase_if(app.families, [](const auto& family) { return family.second.series.empty(); });
    return app.count < before;
}

void AppMetrics::warn_once(std::string_view text) const {
    constexpr std::size_t kMostWarnings = 100;  // names come from applications
    if (said_->warnings.size() < kMostWarnings && said_->warnings.emplace(text).second)
        log_warn("{}", text);
}

std::string AppMetrics::text() const {
    std::map<std::string_view, std::map<std::string_view, const Family*>> families;
    for (const auto& [app, counted] : apps_)
        for (const auto& [name, family] : counted.families) families[name][app] = &family;
    std::string out = lost_text();
    std::set<std::string, std::less<>> taken;  // names of lines of histograms
    for (const auto& [name, of] : families) {
        if (taken.contains(name)) {
            warn_once(
                fmt::format("the metric {} of app {} is left out: a histogram has lines of "
                            "that name; rename one of them",
                            name, of.begin()->first));
            continue;
        }
        if (of.begin()->second->kind == MetricKind::Histogram)
            for (const char* part : {"_bucket", "_sum", "_count"})
                taken.insert(std::string(name) + part);
        out += family_text(name, of);
    }
    return out;
}

std::string AppMetrics::family_text(std::string_view name,
                                    const std::map<std::string_view, const Family*>& of) const {
    const auto& [first_app, first] = *of.begin();
    std::string out;
    append_family(out, name, first->help, type_of(first->kind));
    for (const auto& [app, family] : of) {
        if (type_of(family->kind) != type_of(first->kind)) {
            warn_once(
                fmt::format("the metric {} of app {} is left out: it is a {}, and a {} in app "
                            "{}; rename one of them",
                            name, app, type_of(family->kind), type_of(first->kind), first_app));
            continue;
        }
        for (const auto& [labels, series] : family->series) {
            if (family->kind == MetricKind::Histogram)
                append_histogram(out, name, labels, family->bounds, series.values);
            else
                out += fmt::format("{}{{{}}} {}\n", name, labels,
                                   metric_number(series.values.front()));
        }
    }
    return out;
}

std::string AppMetrics::lost_text() const {
    std::string out;
    if (apps_.empty()) return out;
    append_family(out, kLostTotal,
                  "Series of an application's metrics that had no room, once for each worker.",
                  "counter");
    for (const auto& [app, counted] : apps_) {
        std::uint64_t& lost = said_->lost[app];
        lost = std::max(lost, counted.lost);
        append_label(out.append(kLostTotal) += '{', "app", app);
        out += fmt::format("}} {}\n", lost);
    }
    return out;
}

}  // namespace bundle
