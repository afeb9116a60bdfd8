#include "shared/import/unit_routes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

#include "shared/config/option/routing_checks.hpp"
#include "shared/config/option/text_checks.hpp"
#include "shared/routing/path_table.hpp"

namespace bundle::imported {

using Json = nlohmann::ordered_json;

namespace {

constexpr std::string_view kOpen = "; what it refuses is open until somebody does";

Json as_list(const Json& value) { return value.is_array() ? value : Json::array({value}); }

// A status from 400 on.
std::uint64_t refusal_in(const Json& action) {
    const auto status = action.find("return");
    if (status == action.end() || !status->is_number_unsigned()) return 0;
    const auto code = status->get<std::uint64_t>();
    return code >= 400 && code <= 599 ? code : 0;
}

bool is_for_everything(const Json& step) {
    const auto match = step.find("match");
    if (match == step.end() || match->empty()) return true;
    return match->is_object() && match->size() == 1 && unit_text_at(*match, "uri") == "/*";
}

// "/static/*" is a prefix, "/favicon.ico" exact, "*.php" a pattern. Unit's "*" is also for "/".
std::string path_of(const std::string& uri) {
    const auto mark = uri.find('*');
    if (mark == std::string::npos) return "=" + uri;
    if (uri.ends_with("/*") && mark == uri.size() - 1) return uri.substr(0, uri.size() - 1);
    if (!uri.starts_with('/')) return uri;
    std::string path;
    for (const char c : uri) path.append(c == '*' ? 2 : 1, c);
    return path;
}

bool is_pattern(const std::string& path) {
    return RoutePath::in(path).kind == RoutePath::Kind::Glob;
}

// Whether whoever asks below `path` also asks below `other`.
bool lies_in(const std::string& path, const std::string& other) {
    const RoutePath in = RoutePath::in(path), of = RoutePath::in(other);
    if (in.kind == of.kind && in.text == of.text) return true;
    return of.kind == RoutePath::Kind::Prefix && in.kind != RoutePath::Kind::Glob &&
           covers_path(of.text, in.text);
}

// Whom a step refuses by their addresses.
struct Access {
    std::vector<std::string> allow, deny;
};

// "10.0.0.0/8" are refused, and "!10.0.0.0/8" are not; nothing: allow and deny cannot say it.
std::optional<Access> access_in(const Json& source) {
    Access access;
    for (const Json& item : as_list(source)) {
        std::string who = unit_text(item);
        const bool stays = who.starts_with('!');
        if (stays) who.erase(0, 1);
        if (config::check_trusted_peers(who)) return std::nullopt;
        (stays ? access.allow : access.deny).push_back(who);
    }
    if (access.allow.empty() && access.deny.empty()) return std::nullopt;
    if (!access.deny.empty() && !access.allow.empty()) access.allow.emplace_back("*");
    return access;
}

class Routes {
  public:
    Routes(Import& out, const std::string& application)
        : out_(out), application_(application), site_(out.draft.sites.emplace_back()) {}

    void take(const Json& steps, const std::string& where, const Place& place) {
        for (const Json& step : steps)
            if (step.is_object() && is_for_everything(step)) {
                has_app_ = leads_to_application(step);
                break;
            }
        std::size_t number = 0;
        for (const Json& step : steps)
            take_step(step, {place, fmt::format("{}[{}] {}", where, number++, unit_text(step))});
        site_.own.lines.push_back({
            "app", has_app_ ? "\"main\"" : "\"off\"", {},
                  {},
                  {place, ""}
        });
    }

  private:
    // What a step before it refuses stays refused: bundle takes the longest prefix, not the first
    // step, so that a later one below would open it.
    struct Refusal {
        std::string path;
        Said said;
        Access access;  // empty: everybody
    };

    void take_step(const Json& step, const Said& said) {
        const auto action = step.is_object() ? step.find("action") : step.end();
        if (!step.is_object() || action == step.end() || !action->is_object())
            return out_.not_translated(said, "it has no action");
        if (answers_everything_)
            return out_.not_needed(said, "a step before it answers everything");
        if (is_for_everything(step)) {
            answers_everything_ = true;
            return take_site_action(*action, said);
        }
        const Json& match = step["match"];
        if (!match.is_object()) return out_.not_translated(said, "it has no conditions to read");
        const auto uri = match.find("uri"), source = match.find("source");
        const bool has_uri = uri != match.end(), has_source = source != match.end();
        const bool is_plain = match.size() == std::size_t{has_uri} + std::size_t{has_source};
        const Json paths = has_uri ? as_list(*uri) : Json::array();
        if (is_plain && !has_source) return take_paths(paths, *action, said);
        if (refusal_in(*action) == 0)
            return out_.not_translated(said,
                                       "a route is chosen by its path alone; hosts are for sites");
        const auto access = is_plain ? access_in(*source) : std::nullopt;
        if (access && !has_uri) return refuse_in_site(*access, *action, said);
        if (!has_uri)
            return out_.not_translated(
                said,
                fmt::format("a route is chosen by its path alone; hosts are for sites{}", kOpen));
        if (access) return refuse_paths(paths, *access, *action, said);
        take_paths(paths, *action, said);
        out_.not_translated(
            said, "bundle does not look at all of these: nobody is let in there until you say who");
    }

    void take_paths(const Json& paths, const Json& action, const Said& said) {
        for (const Json& uri : paths) take_uri(unit_text(uri), action, said);
    }

    // "": it is told why not.
    std::string route_path(const std::string& uri, const Json& action, const Said& said) {
        const std::string path = path_of(uri);
        const bool is_known = !uri.starts_with('!') && !uri.starts_with('~');
        if (!is_known)
            out_.not_translated(said, "a route has a prefix, \"=/exact\" or \"*.ending\"");
        if (is_known && out_.can_have_route(path, said)) return path;
        if (refusal_in(action) != 0)
            out_.not_translated(said, fmt::format("write a route for {}{}", uri, kOpen));
        return "";
    }

    void take_uri(const std::string& uri, const Json& action, const Said& said) {
        const std::string path = route_path(uri, action, said);
        if (path.empty()) return;
        if (path == "/") {
            answers_everything_ = true;
            return take_site_action(action, said);
        }
        for (const std::string& answered : answered_)
            if (lies_in(path, answered))
                return out_.not_needed(said, fmt::format("a step before it answers {}", answered));
        answered_.push_back(path);
        const bool is_new = !site_.has_route(path);
        DraftTable& route = site_.route(path, said);
        if (is_new) keep_refused(path, route);
        if (!put_action(route, path, action, said) && is_new) site_.routes.pop_back();
        if (refusal_in(action) != 0) refusals_.push_back({path, said, {}});
    }

    void refuse_paths(const Json& paths, const Access& access, const Json& action,
                      const Said& said) {
        for (const Json& uri : paths) {
            const std::string path = route_path(unit_text(uri), action, said);
            if (path.empty()) continue;
            const bool is_answered = std::ranges::any_of(
                answered_, [&](const std::string& answered) { return lies_in(path, answered); });
            if (is_answered) {
                out_.not_needed(said, "a step before it answers there");
            } else if (path == "/") {
                refuse_in_site(access, action, said);
            } else {
                const bool is_new = !site_.has_route(path);
                DraftTable& route = site_.route(path, said);
                if (is_new) keep_refused(path, route);
                refuse(route, access, said);
                refuse_below(path, access, said);
                tell_status(action, said);
                refusals_.push_back({path, said, access});
            }
        }
    }

    void refuse_in_site(const Access& access, const Json& action, const Said& said) {
        refuse(site_.own, access, said);
        refuse_below("/", access, said);
        tell_status(action, said);
    }

    void tell_status(const Json& action, const Said& said) {
        if (refusal_in(action) != 403) out_.differs(said, "they are answered 403");
    }

    // A list of clients who are let in adds up with no other list: then nobody is let in.
    void refuse(DraftTable& table, const Access& access, const Said& said) {
        if (!has_lists(table))
            for (const char* key : {"allow", "deny"})
                if (const DraftLine* of_site = site_.own.find(key)) table.lines.push_back(*of_site);
        if (has_lists(table) && (table.find("allow") || !access.allow.empty())) {
            out_.not_translated(said,
                                "several steps say who may come there: nobody is let in until you "
                                "write allow and deny");
            std::erase_if(table.lines, [](const DraftLine& line) { return line.key == "allow"; });
            return out_.add_to_list(table, "deny", "*", said);
        }
        for (const std::string& who : access.allow) out_.add_to_list(table, "allow", who, said);
        for (const std::string& who : access.deny) out_.add_to_list(table, "deny", who, said);
    }

    static bool has_lists(const DraftTable& table) {
        return table.find("allow") || table.find("deny");
    }

    // Routes that are there already, and that no step has answered for yet.
    void refuse_below(const std::string& path, const Access& access, const Said& said) {
        for (DraftTable& route : site_.routes)
            if (has_lists(route) && route.comment != path && lies_in(route.comment, path) &&
                std::ranges::find(answered_, route.comment) == answered_.end())
                refuse(route, access, said);
    }

    void keep_refused(const std::string& path, DraftTable& route) {
        for (const Refusal& refusal : refusals_) {
            const bool is_everybody = refusal.access.allow.empty() && refusal.access.deny.empty();
            if (is_pattern(refusal.path) && !is_pattern(path))
                out_.not_translated(
                    refusal.said,
                    fmt::format("bundle looks at the route {} first, which is open to them", path));
            else if (!is_everybody && lies_in(path, refusal.path))
                refuse(route, refusal.access, refusal.said);
        }
    }

    bool put_action(DraftTable& route, const std::string& path, const Json& action,
                    const Said& said) {
        if (is_application(action)) {
            tell_others(action, {"pass"}, said);
            out_.put(route, "app", "\"main\"", said);
            return true;
        }
        const std::string share = folder_of(action);
        if (!share.empty() && !path.starts_with('*')) {
            // "share": "/www$uri" looks up the whole path.
            const std::string below =
                path.starts_with('=') ? path.substr(1, path.rfind('/')) : path;
            out_.put_text(route, "directory", share + below, said);
            if (!route.find("directory")) return false;
            take_fallback(route, action, said);
            tell_of_files(action, said);
            if (action.contains("index")) out_.not_translated(said, "index is for a site's root");
            return true;
        }
        if (const auto status = action.find("return"); status != action.end())
            return put_return(route, action, *status, said);
        out_.not_translated(said, "bundle has no such action");
        return false;
    }

    bool put_return(DraftTable& route, const Json& action, const Json& status, const Said& said) {
        tell_others(action, {"return", "location"}, said);
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

    // Of a route: the site has its application anyway.
    void take_fallback(DraftTable& table, const Json& action, const Said& said) {
        const auto fallback = action.find("fallback");
        if (fallback == action.end() || refusal_in(*fallback) == 404) return;
        if (!is_application(*fallback) || !has_app_)
            return out_.not_translated(
                said, "what is not there is answered by the site's application, or by 404");
        if (&table != &site_.own) out_.put(table, "fallback", "\"app\"", said);
    }

    // What else is said of files.
    void tell_of_files(const Json& action, const Said& said) {
        tell_others(action, {"share", "fallback", "index", "chroot"}, said);
        const Json& share = action["share"];
        if (share.is_array() && share.size() > 1)
            out_.not_translated(said, fmt::format("one folder is looked in, the first; not in {}",
                                                  unit_text(Json(share.begin() + 1, share.end()))));
        if (action.contains("chroot"))
            out_.differs(said, "symbolic links may not lead out of the folder (symlinks)");
    }

    void tell_others(const Json& action, std::initializer_list<std::string_view> known,
                     const Said& said) {
        for (const auto& [key, value] : action.items())
            if (std::ranges::find(known, key) == known.end())
                out_.not_translated(said, "bundle has no " + key + " for an action");
    }

    void take_site_action(const Json& action, const Said& said) {
        if (is_application(action)) {
            tell_others(action, {"pass"}, said);
            return out_.findings.add(Fate::Translated, said, "site.app");
        }
        if (refusal_in(action) == 404) return out_.findings.add(Fate::Translated, said, "site.app");
        const std::string share = folder_of(action);
        if (share.empty()) return out_.not_translated(said, "bundle has no such action for a site");
        out_.put_text(site_.own, "root", share, said);
        take_fallback(site_.own, action, said);
        tell_of_files(action, said);
        const auto index = action.find("index");
        if (index == action.end()) return;
        if (const auto complaint = config::check_file_name(unit_text(*index)))
            return out_.not_translated(said, "index: " + *complaint);
        out_.add_to_list(site_.own, "index", unit_text(*index), said);
    }

    [[nodiscard]] bool is_application(const Json& action) const {
        return action.is_object() && !application_.empty() &&
               unit_text_at(action, "pass") == "applications/" + application_;
    }

    [[nodiscard]] bool leads_to_application(const Json& step) const {
        const auto action = step.find("action");
        if (action == step.end() || !action->is_object()) return false;
        const auto fallback = action->find("fallback");
        return is_application(*action) ||
               (fallback != action->end() && !folder_of(*action).empty() &&
                is_application(*fallback));
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
    const std::string& application_;
    DraftSite& site_;
    std::vector<std::string> answered_;
    std::vector<Refusal> refusals_;
    bool answers_everything_ = false;
    bool has_app_ = false;
};

}  // namespace

void take_unit_routes(Import& out, const Json& steps, const std::string& where, const Place& place,
                      const std::string& application) {
    Routes(out, application).take(steps, where, place);
}

}  // namespace bundle::imported
