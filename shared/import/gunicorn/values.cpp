#include "shared/import/gunicorn/values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>

#include "shared/config/access_format.hpp"
#include "shared/config/option/kinds.hpp"
#include "shared/config/option/routing_checks.hpp"
#include "shared/config/statsd_address.hpp"
#include "shared/http/token.hpp"
#include "shared/import/lower_case.hpp"

namespace bundle::imported {

namespace {

void take_workers(Import& out, const GunicornValue& value) {
    if (value.first().starts_with('$') &&
        value.first().find("WEB_CONCURRENCY") != std::string::npos)
        return out.not_needed(value.said,
                              "where the environment has WEB_CONCURRENCY, bundle takes it, too");
    put_count(out, out.draft.app, "workers", value, {1, 512});
}

void take_worker_class(Import& out, const GunicornValue& value) {
    const std::string name = value.first();
    const auto is = [&](std::string_view word) { return name.find(word) != std::string::npos; };
    if (name == "sync" || name == "gthread") return out.not_needed(value.said, "threads say it");
    if (is("uvicorn") || is("asgi"))
        return out.not_translated(value.said, "bundle serves WSGI applications, not ASGI");
    out.not_translated(
        value.said,
        "workers are processes with threads (app.main.threads); clients wait in the front, for "
        "which gevent is not needed");
}

void take_threads(Import& out, const GunicornValue& value) {
    put_count(out, out.draft.app, "threads", value, {1, 256});
}

void take_max_requests(Import& out, const GunicornValue& value) {
    if (value.first() == "0") return out.put(out.draft.app, "max_requests", "\"off\"", value.said);
    put_count(out, out.draft.app, "max_requests", value, {1, 1'000'000'000});
}

void take_jitter(Import& out, const GunicornValue& value) {
    put_count(out, out.draft.app, "max_requests_jitter", value, {0, 1'000'000'000});
}

void take_timeout(Import& out, const GunicornValue& value) {
    if (value.first() == "0") {
        out.put(out.draft.app, "request_timeout", "\"1d\"", value.said);
        return out.differs(value.said, "a request ends at some time: a day is the most");
    }
    put_seconds(out, out.draft.app, "request_timeout", value, {1, kDay});
}

void take_graceful(Import& out, const GunicornValue& value) {
    put_seconds(out, out.draft.app, "graceful_timeout", value, {0, kDay});
    put_seconds(out, out.draft.server, "drain_timeout", value, {0, kDay});
}

void take_preload(Import& out, const GunicornValue& value) {
    if (is_true(value.first())) return out.put(out.draft.app, "preload", "true", value.said);
    out.not_needed(value.said, "preload is \"auto\": before forking, if that does no harm");
}

void take_chdir(Import& out, const GunicornValue& value) {
    out.put_text(out.draft.app, "directory", value.first(), value.said);
}

// NAME=VALUE into a table of [app.main].
void take_pairs(Import& out, const GunicornValue& value, std::string_view key) {
    for (const std::string& pair : value.values) {
        const auto equals = pair.find('=');
        if (equals == std::string::npos || equals == 0)
            out.not_translated(value.said, pair + " is no NAME=VALUE");
        else
            out.add_to_table(out.draft.app, key, pair.substr(0, equals), pair.substr(equals + 1),
                             value.said);
    }
}

void take_env(Import& out, const GunicornValue& value) { take_pairs(out, value, "env"); }

void take_paste_global(Import& out, const GunicornValue& value) {
    if (out.draft.app.find("paste")) return take_pairs(out, value, "paste_vars");
    out.not_needed(value.said, "there is no ini file that it is for");
}

void take_user(Import& out, const GunicornValue& value) {
    out.put_text(out.draft.app, value.name, value.first(), value.said);
}

// Python prints numbers without their 0; a command line has "0o22", "022" or "18".
void take_umask(Import& out, const GunicornValue& value) {
    const std::string text = value.first();
    const bool is_octal = text.starts_with('0') && text.size() > 1;
    const bool is_long = text.starts_with("0o") || text.starts_with("0O");
    std::uint32_t mask = 0;
    const char* begin = text.data() + (is_long ? 2 : 0);
    const auto [end, error] =
        std::from_chars(begin, text.data() + text.size(), mask, is_octal ? 8 : 10);
    if (error != std::errc() || end != text.data() + text.size() || mask > 0777)
        return out.not_translated(value.said, "it is no mask");
    out.put(out.draft.app, "umask", fmt::format("\"{:04o}\"", mask), value.said);
}

void take_pythonpath(Import& out, const GunicornValue& value) {
    std::string_view list = value.values.empty() ? std::string_view() : value.values.front();
    while (!list.empty())
        if (const std::string folder(take_list_item(list)); !folder.empty())
            out.add_to_list(out.draft.app, "python_path", folder, value.said);
}

void take_capture(Import& out, const GunicornValue& value) {
    if (is_true(value.first())) return out.put(out.draft.app, "capture_output", "true", value.said);
    out.not_needed(value.said,
                   "capture_output is true, so that each line has its worker and its request");
}

void take_pidfile(Import& out, const GunicornValue& value) {
    out.put_text(out.draft.server, "pid_file", value.first(), value.said);
}

void take_upload_dir(Import& out, const GunicornValue& value) {
    out.put_text(out.draft.server, "temp_directory", value.first(), value.said);
}

void take_name(Import& out, const GunicornValue& value) {
    out.put_text(out.draft.server, "name", value.first(), value.said);
}

void take_level(Import& out, const GunicornValue& value) {
    const std::string level = in_lower_case(value.first());
    const std::string ours = level == "warning" ? "warn" : level == "critical" ? "error" : level;
    if (ours != "debug" && ours != "info" && ours != "warn" && ours != "error")
        return out.not_translated(value.said, "log.level is error, warn, info or debug");
    out.put_text(out.draft.log, "level", ours, value.said);
}

void take_logconfig(Import& out, const GunicornValue& value) {
    if (value.first().empty()) return;
    const bool has_ending = value.name == "logconfig" || value.first().ends_with(".json");
    if (!has_ending)
        return out.not_translated(value.said, "name it .json, and write it as app.main.logconfig");
    out.put_text(out.draft.app, "logconfig", value.first(), value.said);
}

void take_errorlog(Import& out, const GunicornValue& value) {
    out.put_text(out.draft.log, "path", value.first(), value.said);
}

void take_statsd(Import& out, const GunicornValue& value) {
    constexpr std::string_view kLocal = "localhost:";
    std::string address = value.first();
    if (address.starts_with("unix://")) address.erase(5, 2);
    if (address.starts_with(kLocal)) address.replace(0, kLocal.size(), "127.0.0.1:");
    if (const auto complaint = config::check_statsd_address(address))
        return out.not_translated(value.said, *complaint);
    out.put_text(out.draft.statsd, "address", address, value.said);
}

void take_statsd_prefix(Import& out, const GunicornValue& value) {
    std::string prefix = value.first();
    while (prefix.ends_with('.')) prefix.pop_back();
    if (!prefix.empty()) out.put_text(out.draft.statsd, "prefix", prefix, value.said);
}

void take_tags(Import& out, const GunicornValue& value) {
    std::string_view list = value.values.empty() ? std::string_view() : value.values.front();
    while (!list.empty()) {
        const std::string tag(take_list_item(list));
        if (tag.empty()) continue;
        const auto colon = std::min(tag.find(':'), tag.size());
        out.add_to_table(out.draft.statsd, "tags", tag.substr(0, colon),
                         tag.substr(std::min(colon + 1, tag.size())), value.said);
    }
}

constexpr std::array kOfApplication = std::to_array<ValueRow>({
    {"wsgi_app", [](Import&, const GunicornValue&) {}}, // taken before
    {"paste", [](Import&, const GunicornValue&) {}},
    {"workers", take_workers},
    {"worker_class", take_worker_class},
    {"threads", take_threads},
    {"max_requests", take_max_requests},
    {"max_requests_jitter", take_jitter},
    {"timeout", take_timeout},
    {"graceful_timeout", take_graceful},
    {"preload_app", take_preload},
    {"chdir", take_chdir},
    {"raw_env", take_env},
    {"raw_paste_global_conf", take_paste_global},
    {"user", take_user},
    {"group", take_user},
    {"umask", take_umask},
    {"pythonpath", take_pythonpath},
    {"capture_output", take_capture},
    {"pidfile", take_pidfile},
    {"tmp_upload_dir", take_upload_dir},
    {"proc_name", take_name},
    {"loglevel", take_level},
    {"errorlog", take_errorlog},
    {"logconfig", take_logconfig},
    {"logconfig_json", take_logconfig},
    {"statsd_host", take_statsd},
    {"statsd_prefix", take_statsd_prefix},
    {"dogstatsd_tags", take_tags},
});

}  // namespace

std::optional<std::uint64_t> number_in(const std::string& text) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return number;
}

bool is_true(const std::string& text) { return text == "True" || text == "true" || text == "1"; }

void put_seconds(Import& out, DraftTable& table, std::string_view key, const GunicornValue& value,
                 CountRange range) {
    const auto seconds = number_in(value.first());
    if (!seconds) return out.not_translated(value.said, "it is no number of seconds");
    const std::uint64_t within = std::clamp(*seconds, range.least, range.most);
    out.put(table, key, fmt::format("\"{}s\"", within), value.said);
    if (within != *seconds)
        out.differs(value.said, fmt::format("{} is at least {}s, at most {}s", table.option(key),
                                            range.least, range.most));
}

void put_count(Import& out, DraftTable& table, std::string_view key, const GunicornValue& value,
               CountRange range) {
    const auto count = number_in(value.first());
    if (!count) return out.not_translated(value.said, "it is no number");
    const std::uint64_t within = std::clamp(*count, range.least, range.most);
    out.put(table, key, std::to_string(within), value.said);
    if (within != *count)
        out.differs(value.said, fmt::format("{} is at least {}, at most {}", table.option(key),
                                            range.least, range.most));
}

bool take_of_application(Import& out, const GunicornValue& value) {
    const auto row =
        std::ranges::find(kOfApplication, std::string_view(value.name), &ValueRow::name);
    if (row != kOfApplication.end()) row->take(out, value);
    return row != kOfApplication.end();
}

std::string listen_address_of(const std::string& bind) {
    constexpr std::string_view kFd = "fd://", kTcp = "tcp://", kHttp = "http://";
    if (bind.starts_with("unix:"))
        return bind.starts_with("unix://") ? "unix:" + bind.substr(7) : bind;
    if (bind.starts_with(kFd)) return "fd:" + bind.substr(kFd.size());
    std::string address = bind;
    for (const std::string_view scheme : {kTcp, kHttp})
        if (address.starts_with(scheme)) address.erase(0, scheme.size());
    const bool has_port = address.starts_with('[') ? address.find("]:") != std::string::npos
                                                   : address.find(':') != std::string::npos;
    if (!has_port) address += ":8000";
    return address.starts_with(':') ? "0.0.0.0" + address : address;
}

}  // namespace bundle::imported
