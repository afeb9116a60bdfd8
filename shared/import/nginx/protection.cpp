#include "shared/import/nginx/protection.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "shared/import/nginx/path_regex.hpp"
#include "shared/routing/path_table.hpp"

namespace bundle::imported {

namespace {

bool is_login(const Directive& directive) {
    constexpr std::array<std::string_view, 9> kLogins = {
        "auth_basic", "auth_request", "auth_jwt",    "auth_digest", "auth_pam",
        "auth_ldap",  "auth_gss",     "auth_spnego", "auth_oidc"};
    if (directive.name.starts_with("access_by_lua")) return true;
    return std::ranges::find(kLogins, directive.name) != kLogins.end() &&
           directive.argument(0) != "off";
}

bool is_list(const Directive& directive) {
    return directive.name == "allow" || directive.name == "deny";
}

// What an `if` looks at, without its "$" and through all maps, and how.
struct Condition {
    std::string variable;
    bool is_negative = false;  // all but some are refused
    bool is_of_files = false;
};

Condition condition_of(const Directive& directive, const Import& out) {
    std::string first = directive.argument(0);
    if (first.starts_with('(')) first.erase(0, 1);
    if (first.empty()) first = directive.argument(1);
    Condition condition;
    condition.is_of_files = first.starts_with('-') || first.starts_with("!-");
    condition.is_negative = std::ranges::any_of(
        directive.arguments, [](const std::string& word) { return word.starts_with("!"); });
    while (first.ends_with(')')) first.pop_back();
    if (first.starts_with('$')) first.erase(0, 1);
    constexpr int kLongestChain = 8;
    for (int i = 0; i < kLongestChain && out.mapped.contains(first); ++i)
        first = out.mapped.at(first);
    condition.variable = first;
    return condition;
}

// What clients send who mean no harm, and what is refused of it: no lock to anything.
bool is_filter(const Condition& condition) {
    constexpr std::array<std::string_view, 20> kOfRequests = {"http_user_agent",
                                                              "http_referer",
                                                              "invalid_referer",
                                                              "request_method",
                                                              "host",
                                                              "http_host",
                                                              "server_name",
                                                              "server_port",
                                                              "request_uri",
                                                              "uri",
                                                              "document_uri",
                                                              "args",
                                                              "query_string",
                                                              "is_args",
                                                              "scheme",
                                                              "https",
                                                              "request_filename",
                                                              "request",
                                                              "server_protocol",
                                                              "http_x_forwarded_proto"};
    if (std::ranges::find(kOfRequests, condition.variable) != kOfRequests.end()) return true;
    if (condition.is_negative) return false;
    for (const std::string_view sent : {"http_", "arg_", "cookie_"})
        if (condition.variable.starts_with(sent)) return true;
    for (const std::string_view who : {"remote_addr", "geoip", "content_", "binary_remote_addr"})
        if (condition.variable.starts_with(who)) return true;
    return false;
}

bool refuses(const Directive& directive) {
    return directive.name == "return" && directive.argument(0).size() == 3 &&
           directive.argument(0).starts_with('4');
}

// `if (...) { return 403; }`, or to a login.
bool is_refusing(const Directive& directive, const Condition& condition) {
    if (directive.name != "if" || condition.is_of_files) return false;
    if (std::ranges::any_of(directive.block, refuses)) return true;
    const std::string& variable = condition.variable;
    const bool is_of_who = variable.starts_with("ssl_client_") || variable.starts_with("remote_") ||
                           variable == "http_authorization" || variable.starts_with("cookie_") ||
                           variable == "http_cookie";
    return is_of_who && condition.is_negative && find_in(directive.block, "return");
}

void look_at_condition(const Directive& directive, const Import& out, Protection& found) {
    const Condition condition = condition_of(directive, out);
    if (!is_refusing(directive, condition)) return;
    if (is_filter(condition))
        found.opened.push_back(&directive);
    else
        found.lost = &directive;
}

// Where forms may be sent it is for odd methods; else it is about who may write.
void look_at_methods(const Directive& directive, Protection& found) {
    const bool is_restricted = std::ranges::any_of(directive.block, [](const Directive& inner) {
        return inner.name == "deny" || inner.name == "return" || is_login(inner);
    });
    if (!is_restricted) return;
    const auto& methods = directive.arguments;
    if (std::ranges::find(methods, "POST") != methods.end())
        found.opened.push_back(&directive);
    else
        found.lost = &directive;
}

std::vector<const Directive*> pointers(const Directives& own, const NginxServer* server, auto is) {
    std::vector<const Directive*> found;
    for (const Directive& directive : own)
        if (is(directive)) found.push_back(&directive);
    if (!found.empty() || !server) return found;
    for (const Directive& directive : server->directives)
        if (is(directive)) found.push_back(&directive);
    return found;
}

const Directive* login_of(const Directives& own, const NginxServer* server) {
    if (server)
        for (const Directive& outer : server->directives)
            if (is_login(outer) && !find_in(own, outer.name)) return &outer;
    const auto found = std::ranges::find_if(own, is_login);
    return found == own.end() ? nullptr : &*found;
}

bool is_for_any(const Directives& own, const NginxServer* server) {
    const auto said = pointers(
        own, server, [](const Directive& directive) { return directive.name == "satisfy"; });
    return !said.empty() && said.back()->argument(0) == "any";
}

bool is_empty(const DraftLine* list) { return !list || list->value == "[]"; }

bool is_shut(const DraftTable& table) {
    const std::string everybody = "\"*\"";
    const DraftLine* deny = table.find("deny");
    return deny && is_empty(table.find("allow")) &&
           (deny->value == "[" + everybody + "]" || deny->items == std::vector{everybody});
}

}  // namespace

Protection protection_of(const Directives& own, const NginxServer* server, const Import& out) {
    Protection found;
    const auto lists = pointers(own, server, is_list);
    const bool opens_all =
        !lists.empty() && lists.front()->name == "allow" && lists.front()->argument(0) == "all";
    const bool admits_some = std::ranges::any_of(lists, [](const Directive* list) {
        return list->name == "allow" && list->argument(0) != "all";
    });
    found.has_lists = !lists.empty() && !opens_all;
    found.admits_others = std::ranges::none_of(lists, [](const Directive* list) {
        return list->name == "deny" && list->argument(0) == "all";
    });
    found.lost = login_of(own, server);
    // An address was enough, and still is; a password was, too.
    const bool is_any = found.lost && is_for_any(own, server);
    if (is_any && (admits_some || opens_all)) found.lost = nullptr;
    found.refuses_all = !found.lost && found.has_lists && lists.front()->name == "deny" &&
                        lists.front()->argument(0) == "all";
    for (const Directive& directive : own)
        if (directive.name == "limit_except") look_at_methods(directive, found);
    for (const Directive& directive : own) look_at_condition(directive, out, found);
    if (server)
        for (const Directive& directive : server->directives)
            look_at_condition(directive, out, found);
    return found;
}

bool needs_more(const SiteContext& context, const Protection& protection, const Directives& own) {
    const DraftTable& site = context.site.own;
    // Its own words are kept where all of the site is closed, too: somebody will open that.
    if (protection.has_lists && std::ranges::any_of(own, is_list)) return true;
    if (std::ranges::any_of(own, [&](const Directive& said) { return &said == protection.lost; }))
        return true;
    if (is_shut(site)) return false;
    return protection.lost || (protection.has_lists && !site.find("allow") && !site.find("deny"));
}

bool keeps_out(const SiteContext& context, const Directive& location) {
    const Protection protection = protection_of(location.block, &context.server, context.out);
    return needs_more(context, protection, location.block) || find_in(location.block, "internal") ||
           std::ranges::any_of(location.block, refuses) ||
           has_foreign_action(context, location.block);
}

void tell_opened(Import& out, const Protection& protection) {
    for (const Directive* directive : protection.opened)
        out.opened(directive->said(),
                   "what it refused comes in now; the application can refuse it");
}

void protect_site(const SiteContext& context, const Directives& own, const std::string& what) {
    const Protection protection = protection_of(own, nullptr, context.out);
    tell_opened(context.out, protection);
    if (protection.lost && !is_shut(context.site.own))
        context.out.close(context.site.own, protection.lost->said(), what);
}

void restrain(const SiteContext& context, DraftTable& route, const Directive& location) {
    const bool is_restrained = is_shut(route) || route.find("return") ||
                               (route.find("deny") && !is_empty(route.find("deny"))) ||
                               (route.find("allow") && !is_empty(route.find("allow")));
    if (!is_restrained && keeps_out(context, location))
        context.out.close(route, location.said(), route.comment);
}

void protect_route(const SiteContext& context, DraftTable& route, const Protection& protection,
                   const Directive& location) {
    tell_opened(context.out, protection);
    // nginx gives these before it asks who is there.
    const bool is_fixed = route.find("return") || route.find("redirect");
    if (is_fixed)
        std::erase_if(route.lines, [](const DraftLine& line) {
            return line.key == "allow" || line.key == "deny";
        });
    if (protection.lost && !is_fixed) {
        const bool is_own = route.find("allow") || route.find("deny");
        if (is_own || needs_more(context, protection, location.block))
            context.out.close(route, protection.lost->said(), route.comment);
        return;
    }
    if (protection.has_lists && !is_fixed) return;
    const DraftLine* fallback = route.find("fallback");
    if (fallback && fallback->value == "\"app\"") return;
    // The lists of the site are those of "location /" alone.
    const Said said = route.lines.front().said;
    const DraftTable& own = context.site.own;
    for (const char* list : {"allow", "deny"})
        if (own.find(list) && !route.find(list)) route.lines.push_back({list, "[]", {}, {}, said});
}

namespace {

// Whether some path below the prefix may be one of the pattern.
bool may_meet(const std::string& pattern, std::string_view prefix) {
    const RoutePath path = RoutePath::in(pattern);
    if (path.kind == RoutePath::Kind::Exact) return false;
    if (path.kind == RoutePath::Kind::Prefix) return covers_path(path.text, prefix);
    if (!pattern.starts_with('/')) return true;
    const std::string head = pattern.substr(0, pattern.find_first_of("*?"));
    return head.starts_with(prefix) || prefix.starts_with(head);
}

// Whether nginx takes it without asking its regular expressions.
bool is_before_regexes(const NginxServer& server, const std::string& path) {
    return std::ranges::any_of(server.locations, [&](const Directive& location) {
        return location.argument(0) == "^~" && location.argument(1) == path;
    });
}

bool answers(const DraftTable& site, const DraftTable& route) {
    const bool is_open = route.find("deny") ? !is_shut(route) : !is_shut(site);
    return (route.find("directory") || route.find("app")) && is_open;
}

}  // namespace

void tell_precedence(const SiteContext& context) {
    for (const Directive& location : context.server.locations) {
        const std::string kind = location.argument(0);
        if (kind != "~" && kind != "~*") continue;
        if (!keeps_out(context, location) || is_of_dotfiles(location.argument(1))) continue;
        const auto paths = paths_of(location.argument(1)).paths;
        std::string prefixes;
        for (const DraftTable& route : context.site.routes) {
            const RoutePath met = RoutePath::in(route.comment);
            const bool may = std::ranges::any_of(paths, [&](const std::string& path) {
                return path != route.comment && may_meet(path, met.text);
            });
            if (met.kind == RoutePath::Kind::Prefix && may && answers(context.site.own, route) &&
                !is_before_regexes(context.server, route.comment))
                prefixes += (prefixes.empty() ? "" : ", ") + route.comment;
        }
        if (!prefixes.empty())
            context.out.opened(location.said(),
                               fmt::format("below {}: prefixes come before patterns; see that "
                                           "nothing of the kind lies there",
                                           prefixes));
    }
}

}  // namespace bundle::imported
