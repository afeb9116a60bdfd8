#include "shared/import/unit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "shared/config/option/kinds.hpp"
#include "shared/config/option/text_checks.hpp"
#include "shared/import/gunicorn/values.hpp"
#include "shared/import/lower_case.hpp"
#include "shared/import/unit_routes.hpp"

namespace bundle::imported {

using Json = nlohmann::ordered_json;

namespace {

class Unit {
  public:
    Unit(const Json& root, const std::string& file, Import& out)
        : root_(root), file_(file), out_(out) {}

    Result<void> take() {
        TRY(take_applications());
        take_listeners();
        for (const auto& [name, value] : root_.items()) {
            if (name == "settings")
                take_settings(value);
            else if (name == "access_log")
                take_access_log(value);
            else if (name != "listeners" && name != "applications" && name != "routes")
                out_.not_translated(said(name, value), kNothing);
        }
        tell_rest("", root_);
        return {};
    }

  private:
    static constexpr const char* kNothing = "bundle has nothing of the kind";

    // What nobody has said anything of yet, itself or what stands in it.
    void tell_rest(const std::string& where, const Json& value) {
        if (out_.findings.tell_of(said(where, value))) return;
        std::size_t number = 0;
        if (value.is_object() && !value.empty() && !where.starts_with("listeners/") &&
            !where.ends_with(']'))
            for (const auto& [key, inner] : value.items())
                tell_rest(where.empty() ? key : where + "/" + key, inner);
        else if (where.starts_with("routes") && value.is_array())
            for (const Json& step : value) tell_rest(fmt::format("{}[{}]", where, number++), step);
        else
            out_.not_translated(said(where, value), where.starts_with("routes")
                                                        ? "no listener that is imported leads there"
                                                        : kNothing);
    }

    [[nodiscard]] Said said(const std::string& where, const Json& value) const {
        return {
            {file_, 0},
            fmt::format("{} {}", where, unit_text(value))
        };
    }

    Result<void> take_applications() {
        const auto applications = root_.find("applications");
        if (applications == root_.end() || !applications->is_object()) return {};
        for (const auto& [name, value] : applications->items()) {
            const std::string where = "applications/" + name;
            const std::string type = value.is_object() ? value.value("type", Json()).is_string()
                                                             ? value["type"].get<std::string>()
                                                             : ""
                                                       : "";
            if (!type.starts_with("python")) {
                out_.not_translated(said(where, value),
                                    "bundle serves Python's WSGI applications only");
            } else if (unit_text_at(value, "protocol") == "asgi") {
                out_.not_translated(said(where, value),
                                    "bundle serves WSGI applications, not ASGI");
            } else if (!application_.empty()) {
                out_.not_translated(said(where, value),
                                    "one application is imported; write the others as [app.NAME]");
            } else {
                application_ = name;
                TRY(take_application(where, value));
            }
        }
        return {};
    }

    Result<void> take_application(const std::string& where, const Json& app) {
        const std::string module = unit_text_at(app, "module"),
                          callable = unit_text_at(app, "callable");
        if (module.empty()) return failure(fmt::format("{}: {} names no module", file_, where));
        const std::string name = module + ":" + (callable.empty() ? "application" : callable);
        TRY(out_.put_application(name, said(where + "/module", app["module"])));
        if (!callable.empty())
            out_.findings.add(Fate::Translated, said(where + "/callable", app["callable"]),
                              "app.main.wsgi");
        for (const auto& [key, value] : app.items()) take_of_app(where + "/" + key, key, value);
        return {};
    }

    void take_of_app(const std::string& where, const std::string& key, const Json& value) {
        DraftTable& app = out_.draft.app;
        const Said from = said(where, value);
        const auto as_gunicorn = [&](const char* setting) {
            take_of_application(out_, {setting, {unit_text(value)}, from});
        };
        if (key == "working_directory")
            out_.put_text(app, "directory", unit_text(value), from);
        else if (key == "home")
            out_.put_text(app, "virtualenv", unit_text(value), from);
        else if (key == "user" || key == "group" || key == "threads")
            as_gunicorn(key.c_str());
        else if (key == "path")
            take_path(value, from);
        else if (key == "environment" && value.is_object())
            for (const auto& [name, text] : value.items())
                out_.add_to_table(app, "env", name, unit_text(text), from);
        else if (key == "processes")
            take_processes(value, from);
        else if (key == "limits" && value.is_object())
            take_limits(where, value);
        else if (key == "type" || key == "protocol")
            out_.not_needed(from, "bundle is for one Python, and for WSGI");
        else if (key == "prefix")
            out_.not_translated(from, "a route with this path, app and mount does that");
        else if (key != "module" && key != "callable")
            out_.not_translated(from, kNothing);
    }

    void take_path(const Json& value, const Said& from) {
        if (value.is_string())
            return out_.add_to_list(out_.draft.app, "python_path", unit_text(value), from);
        if (value.is_array())
            for (const Json& item : value)
                out_.add_to_list(out_.draft.app, "python_path", unit_text(item), from);
    }

    void take_processes(const Json& value, const Said& from) {
        if (!value.is_object())
            return take_of_application(out_, {"workers", {unit_text(value)}, from}), void();
        const auto number = [&](const char* key, int fallback) {
            const auto found = value.find(key);
            return found != value.end() && found->is_number_unsigned()
                       ? static_cast<int>(std::min<std::uint64_t>(found->get<std::uint64_t>(), 512))
                       : fallback;
        };
        for (const auto& [key, inner] : value.items())
            if (key != "max" && key != "spare")
                out_.not_needed(from,
                                key + ": workers that have nothing to do leave by themselves");
        const int most = std::max(number("max", 1), 1),
                  least = std::clamp(number("spare", 1), 1, most);
        out_.put(out_.draft.app, "workers", fmt::format("{{ min = {}, max = {} }}", least, most),
                 from);
    }

    void take_limits(const std::string& where, const Json& limits) {
        for (const auto& [key, value] : limits.items()) {
            const Said from = said(where + "/" + key, value);
            const char* setting = key == "timeout"    ? "timeout"
                                  : key == "requests" ? "max_requests"
                                                      : "";
            if (!take_of_application(out_, {setting, {unit_text(value)}, from}))
                out_.not_translated(from, kNothing);
        }
    }

    void take_listeners() {
        const auto listeners = root_.find("listeners");
        if (listeners == root_.end() || !listeners->is_object()) return;
        const std::string pass = main_pass(*listeners);
        for (const auto& [address, value] : listeners->items()) {
            const Said from = said("listeners/" + address, value);
            // Open, it would show something else than it did.
            if (const std::string to = pass_of(value); to != pass) {
                out_.not_translated(from, is_known(to)
                                              ? "bundle's listeners all lead to the same sites: "
                                                "write [[site]], or run a second bundle for it"
                                              : "it is passed to what is not imported");
                continue;
            }
            const std::string ours =
                address.starts_with("*:") ? "0.0.0.0" + address.substr(1) : address;
            if (!out_.add_listener(ours, from)) continue;
            for (const auto& [key, inner] : value.items()) take_of_listener(key, inner, from);
        }
        if (const Json* steps = steps_of(pass))
            take_unit_routes(out_, *steps, routes_name(pass), {file_, 0}, application_);
    }

    void take_of_listener(const std::string& key, const Json& value, const Said& from) {
        if (key == "tls")
            out_.not_translated(
                from,
                "Unit keeps certificates to itself: write tls = true and [[tls.certificate]]");
        else if (key == "forwarded")
            take_forwarded(value, from);
        else if (key == "backlog")
            out_.not_needed(from, "listen.backlog is 4096");
        else if (key != "pass")
            out_.not_translated(from, "bundle has no " + key + " for a listener");
    }

    void take_forwarded(const Json& forwarded, const Said& from) {
        if (!forwarded.is_object()) return out_.not_translated(from, "forwarded is no object");
        for (const auto& [key, value] : forwarded.items())
            if (key == "source")
                for (const Json& item : value.is_array() ? value : Json::array({value}))
                    take_of_clients(out_, {"forwarded_allow_ips", {unit_text(item)}, from});
            else if (key == "client_ip" && !config::check_field_name(unit_text(value)))
                out_.put_text(out_.draft.trust, "client_ip_header", in_lower_case(unit_text(value)),
                              from);
            else if (key == "protocol")
                take_of_clients(out_,
                                {"secure_scheme_headers", {unit_text(value) + "=https"}, from});
            else if (key == "recursive")
                out_.not_needed(from, "the last address that no trusted proxy has is the client's");
            else
                out_.not_translated(from, "bundle has no " + key + " of what is forwarded");
    }

    // "applications/blog", "routes", "routes/main".
    static std::string pass_of(const Json& listener) {
        return listener.is_object() ? unit_text_at(listener, "pass") : "";
    }

    static std::string routes_name(const std::string& pass) {
        return pass.starts_with("routes/") ? pass : "routes";
    }

    [[nodiscard]] const Json* steps_of(const std::string& pass) const {
        const auto routes = root_.find("routes");
        if (routes == root_.end()) return nullptr;
        if (pass == "routes") return routes->is_array() ? &*routes : nullptr;
        if (!pass.starts_with("routes/") || !routes->is_object()) return nullptr;
        const auto found = routes->find(pass.substr(std::string_view("routes/").size()));
        return found != routes->end() && found->is_array() ? &*found : nullptr;
    }

    [[nodiscard]] bool is_known(const std::string& pass) const {
        const bool is_application = !application_.empty() && pass == "applications/" + application_;
        return is_application || steps_of(pass);
    }

    // What all that is imported leads to: the first routes, which may refuse somebody; else the
    // application.
    [[nodiscard]] std::string main_pass(const Json& listeners) const {
        std::string application;
        for (const Json& listener : listeners) {
            const std::string pass = pass_of(listener);
            if (steps_of(pass)) return pass;
            if (is_known(pass)) application = pass;
        }
        return application.empty() ? "nothing" : application;
    }

    void take_settings(const Json& settings) {
        const auto http = settings.is_object() ? settings.find("http") : settings.end();
        if (!settings.is_object() || http == settings.end() || !http->is_object()) return;
        for (const auto& [key, value] : http->items()) {
            const Said from = said("settings/http/" + key, value);
            if (key == "max_body_size" && value.is_number_unsigned())
                out_.put(out_.draft.http, "max_body",
                         value.get<std::uint64_t>() >> 50 ? "\"unlimited\"" : unit_text(value),
                         from);
            else if (key == "idle_timeout")
                put_seconds("keepalive_timeout", value, {1, 86400}, from);
            else if (key == "header_read_timeout")
                put_seconds("head_timeout", value, {1, 600}, from);
            else if (key == "body_read_timeout")
                put_seconds("body_timeout", value, {1, 3600}, from);
            else if (key == "send_timeout")
                put_seconds("send_timeout", value, {1, 3600}, from);
            else if (key == "server_version")
                out_.not_needed(from, "answers do not name the server (http.server_header)");
            else
                out_.not_translated(from, kNothing);
        }
    }

    void put_seconds(std::string_view key, const Json& value, CountRange range, const Said& from) {
        if (value.is_number_unsigned() || value.is_number_integer())
            put_count(out_, out_.draft.http, key, {std::string(key), {unit_text(value)}, from},
                      range);
        else
            out_.not_translated(from, "it is no number of seconds");
    }

    void take_access_log(const Json& value) {
        const Said from = said("access_log", value);
        const std::string path = value.is_object() ? unit_text_at(value, "path") : unit_text(value);
        if (!path.empty()) out_.put_text(out_.draft.access_log, "path", path, from);
        if (value.is_object())
            for (const auto& [key, inner] : value.items())
                if (key != "path")
                    out_.not_translated(from,
                                        key + ": log.access.format has the variables of nginx");
    }

    const Json& root_;
    const std::string& file_;
    Import& out_;
    std::string application_;
};

}  // namespace

std::string unit_text(const Json& value) {
    return value.is_string() ? value.get<std::string>()
                             : value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string unit_text_at(const Json& object, const char* key) {
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

Result<void> import_unit(std::string_view text, const std::string& file, Import& out) {
    try {
        const Json root = Json::parse(text);
        if (!root.is_object())
            return failure(fmt::format("{}: expected an object with listeners", file));
        // `curl .../config/` of the control socket shows it below "config", with certificates
        // beside it.
        const auto inner = root.find("config");
        TRY(Unit(inner != root.end() && inner->is_object() ? *inner : root, file, out).take());
        if (!out.draft.app.find("wsgi") && out.draft.sites.empty())
            return failure(
                fmt::format("{}: there is neither a Python application nor a route in it", file));
        return {};
    } catch (const Json::exception& problem) {
        const std::string what =
            problem
                .what();  // "[json.exception.parse_error.101] parse error at line 1, column 2: ..."
        return failure(
            fmt::format("{}: {}", file, what.substr(std::min(what.find("] ") + 2, what.size()))));
    }
}

}  // namespace bundle::imported
