#include "shared/import/unit_routes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "shared/config/option/routing_checks.hpp"

namespace bundle::imported {

using Json = nlohmann::ordered_json;

namespace {

class Routes {
  public:
    Routes(Import& out, const Place& place, const std::string& application)
        : out_(out),
          place_(place),
          application_(application),
          site_(out.draft.sites.emplace_back()) {}

    void take(const Json& steps) {
        std::size_t number = 0;
        for (const Json& step : steps)
            take_step(step, {place_, fmt::format("routes[{}] {}", number++, unit_text(step))});
        site_.own.lines.push_back({
            "app", has_app_ ? "\"main\"" : "\"off\"", {},
                  {},
                  {place_, ""}
        });
    }

  private:
    // The steps come in an order, and bundle's routes by the length of their paths: the same, where
    // they do not overlap.
    void take_step(const Json& step, const Said& said) {
        const auto action = step.is_object() ? step.find("action") : step.end();
        if (!step.is_object() || action == step.end() || !action->is_object())
            return out_.not_translated(said, "it has no action");
        const auto match = step.find("match");
        if (match == step.end() || match->empty()) return take_site_action(*action, said);
        const auto uri = match->find("uri");
        if (match->size() != 1 || uri == match->end())
            return out_.not_translated(said,
                                       "a route is chosen by its path alone; hosts are for sites");
        const Json list = uri->is_array() ? *uri : Json::array({*uri});
        for (const Json& pattern : list) take_uri(unit_text(pattern), *action, said);
    }

    // "/static/*" is a prefix, "/favicon.ico" exact, "*.php" a pattern.
    void take_uri(const std::string& uri, const Json& action, const Said& said) {
        const bool has_mark = uri.find('*') != std::string::npos;
        std::string path = has_mark ? uri : "=" + uri;
        if (uri.ends_with("/*") && uri.find('*') == uri.size() - 1)
            path = uri.substr(0, uri.size() - 1);
        if (path == "/") return take_site_action(action, said);
        if (uri.starts_with('!') || uri.starts_with('~'))
            return out_.not_translated(said, "a route has a prefix, \"=/exact\" or \"*.ending\"");
        if (!out_.can_have_route(path, said)) return;
        if (site_.has_route(path))
            return out_.contradicted(said, "there is a route for that path already");
        DraftTable& route = site_.route(path, said);
        if (!put_action(route, path, action, said)) site_.routes.pop_back();
    }

    bool put_action(DraftTable& route, const std::string& path, const Json& action,
                    const Said& said) {
        if (is_application(action)) {
            out_.put(route, "app", "\"main\"", said);
            return true;
        }
        const std::string share = folder_of(action);
        if (!share.empty() && !path.starts_with('*')) {
            // "share": "/www$uri" looks up the whole path.
            const std::string below =
                path.starts_with('=') ? path.substr(1, path.rfind('/')) : path;
            out_.put_text(route, "directory", share + below, said);
            return route.find("directory") != nullptr;
        }
        if (const auto status = action.find("return"); status != action.end())
            return put_return(route, action, *status, said);
        out_.not_translated(said, "bundle has no such action");
        return false;
    }

    bool put_return(DraftTable& route, const Json& action, const Json& status, const Said& said) {
        const std::uint64_t code = status.is_number_unsigned() ? status.get<std::uint64_t>() : 0;
        const std::string location = unit_text_at(action, "location");
        const bool leads = code == 301 || code == 302 || code == 303 || code == 307 || code == 308;
        if (leads && location.find('$') == std::string::npos && !config::check_redirect(location)) {
            return out_.put_redirect(route, location, static_cast<int>(code), said);
        }
        if (code < 200 || code > 599 || (code >= 300 && code < 400 && code != 304)) {
            out_.not_translated(said, "bundle does not answer so");
            return false;
        }
        out_.put(route, "return", std::to_string(code), said);
        return true;
    }

    void take_site_action(const Json& action, const Said& said) {
        if (is_application(action)) {
            has_app_ = true;
            return out_.findings.add(Fate::Translated, said, "site.app");
        }
        const std::string share = folder_of(action);
        if (share.empty()) return out_.not_translated(said, "bundle has no such action for a site");
        out_.put_text(site_.own, "root", share, said);
        const auto fallback = action.find("fallback");
        if (fallback == action.end()) return;
        if (fallback->is_object() && is_application(*fallback))
            has_app_ = true;
        else
            out_.not_translated(said,
                                "what is not there is answered by the application, or by 404");
    }

    [[nodiscard]] bool is_application(const Json& action) const {
        const std::string pass = unit_text_at(action, "pass");
        return !application_.empty() && pass == "applications/" + application_;
    }

    // "/www$uri", the first of them.
    static std::string folder_of(const Json& action) {
        const auto share = action.find("share");
        if (share == action.end()) return "";
        const std::string path =
            share->is_array() && !share->empty() ? unit_text(share->front()) : unit_text(*share);
        constexpr std::string_view kUri = "$uri";
        if (!path.ends_with(kUri) || path.size() == kUri.size()) return "";
        const std::string folder = path.substr(0, path.size() - kUri.size());
        return folder.find('$') == std::string::npos ? folder : "";
    }

    Import& out_;
    const Place& place_;
    const std::string& application_;
    DraftSite& site_;
    bool has_app_ = false;
};

}  // namespace

void take_unit_routes(Import& out, const Json& steps, const Place& place,
                      const std::string& application) {
    Routes(out, place, application).take(steps);
}

}  // namespace bundle::imported
