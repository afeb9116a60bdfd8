#include "shared/import/nginx/redirect.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "shared/base/utf8.hpp"
#include "shared/config/option/kinds.hpp"
#include "shared/config/option/routing_checks.hpp"

namespace bundle::imported {

namespace {

bool is_name_byte(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// "$name" or "${name}", taken off the front, which is a "$".
std::string take_variable(std::string_view& text) {
    text.remove_prefix(1);
    const bool has_braces = text.starts_with('{');
    if (has_braces) text.remove_prefix(1);
    const bool is_capture = !text.empty() && text.front() >= '0' && text.front() <= '9';
    std::size_t size = 0;
    while (size < text.size() && is_name_byte(text[size]) && !(is_capture && size == 1)) ++size;
    const std::string name(text.substr(0, size));
    text.remove_prefix(size);
    if (has_braces && text.starts_with('}')) text.remove_prefix(1);
    return name;
}

std::string known_variable(const std::string& name, const NginxServer& server,
                           const std::string& captured) {
    constexpr std::array kSame = std::to_array<std::pair<std::string_view, std::string_view>>({
        {"scheme",       "$scheme"     },
        {"host",         "$host"       },
        {"http_host",    "$host"       },
        {"request_uri",  "$request_uri"},
        {"uri",          "$path"       },
        {"document_uri", "$path"       }
    });
    const auto same =
        std::ranges::find(kSame, name, &std::pair<std::string_view, std::string_view>::first);
    if (same != kSame.end()) return std::string(same->second);
    if (name == "server_name" && !server.hosts.empty()) return server.hosts.front();
    return name == "1" ? captured : "";
}

int status_in(const std::string& text) {
    int status = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), status);
    return error == std::errc() && end == text.data() + text.size() ? status : 0;
}

bool is_redirect(int status) {
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

// The text that a part of a regular expression stands for, when it is for one alone.
std::optional<std::string> literal(std::string_view regex) {
    std::string text;
    for (std::size_t i = 0; i < regex.size(); ++i) {
        if (regex[i] == '\\' && i + 1 < regex.size() && !is_name_byte(regex[i + 1])) {
            text += regex[++i];
            continue;
        }
        if (std::string_view("*+?()[]{}|^$\\").find(regex[i]) != std::string_view::npos)
            return std::nullopt;
        text += regex[i];
    }
    return text;
}

struct Rule {
    std::vector<std::string> paths;
    std::string captured;
};

// "^/old$", "^/old/(.*)$", "^/(.*)$", "^".
std::optional<Rule> rule_of(std::string_view regex) {
    if (regex == "^" || regex == ".*" || regex == "^.*" || regex == "^.*$" || regex == "^/")
        return Rule{{"/"}, ""};
    if (regex == "^(.*)$" || regex == "(.*)" || regex == "^(.*)") return Rule{{"/"}, "$path"};
    if (!regex.starts_with("^/")) return std::nullopt;
    regex.remove_prefix(1);
    constexpr std::string_view kRest = "(.*)";
    const bool has_end = regex.ends_with('$');
    if (has_end) regex.remove_suffix(1);
    if (regex.ends_with(kRest)) {
        const auto prefix = literal(regex.substr(0, regex.size() - kRest.size()));
        if (!prefix || !prefix->ends_with('/')) return std::nullopt;
        return Rule{{*prefix}, "$rest"};
    }
    const bool may_have_slash = has_end && regex.ends_with("/?");
    if (may_have_slash) regex.remove_suffix(2);
    const auto path = literal(regex);
    if (!path || path->empty()) return std::nullopt;
    if (may_have_slash)
        return Rule{
            {"=" + *path, "=" + *path + "/"},
            ""
        };
    return Rule{{has_end ? "=" + *path : *path}, ""};
}

bool is_to_https(std::string_view target) {
    if (target.ends_with('?')) target.remove_suffix(1);  // of rewrite: without the query once more
    return target.starts_with("https://") &&
           (target.ends_with("$request_uri") || target.ends_with("$uri") || target.ends_with("$1"));
}

bool is_https_return(const Directive& directive) {
    if (directive.name == "return")
        return is_to_https(directive.arguments.empty() ? "" : directive.arguments.back());
    return directive.name == "rewrite" && is_to_https(directive.argument(1)) &&
           rule_of(directive.argument(0)) && rule_of(directive.argument(0))->paths.front() == "/";
}

// As certbot writes it: if ($host = example.com) { return 301 https://$host$request_uri; }
bool is_host_condition(const Directive& directive) {
    return directive.name == "if" && directive.argument(0).starts_with("($host") &&
           directive.block.size() == 1 && is_https_return(directive.block.front());
}

}  // namespace

std::optional<std::string> redirect_target(const std::string& target, const NginxServer& server,
                                           const std::string& captured) {
    std::string_view text = target;
    std::string written;
    while (!text.empty()) {
        for (const std::string_view query :
             {"$is_args$args", "$is_args$query_string", "?$args", "?$query_string"})
            if (text.starts_with(query)) {
                written += "$query";
                text.remove_prefix(query.size());
                break;
            }
        if (text.empty()) break;
        if (text.front() != '$') {
            written += text.front();
            text.remove_prefix(1);
            continue;
        }
        const std::string known = known_variable(take_variable(text), server, captured);
        if (known.empty()) return std::nullopt;
        // "/$1" of "^/(.*)$" is the path, which has that slash.
        if (known == "$path" && written.ends_with('/')) written.pop_back();
        written += known;
    }
    if (config::check_redirect(written)) return std::nullopt;
    return written;
}

bool put_return(Import& out, DraftTable& route, const Directive& directive,
                const NginxServer& server) {
    const Said said = directive.said();
    const std::string first = directive.argument(0);
    const bool is_url = directive.arguments.size() == 1 && status_in(first) == 0;
    const int status = is_url ? 302 : status_in(first);
    const std::string text = is_url ? first : directive.argument(1);
    if (is_redirect(status)) {
        const auto target = redirect_target(text, server, "");
        if (!target) {
            out.not_translated(
                said, "a redirect knows $scheme, $host, $path, $rest, $query and $request_uri");
            return false;
        }
        return out.put_redirect(route, *target, status, said);
    }
    if (status < 200 || status > 599 || (status >= 300 && status < 400 && status != 304)) {
        out.not_translated(said, "bundle does not answer so");
        return false;
    }
    out.put(route, "return", std::to_string(status), said);
    if (text.find('$') != std::string::npos)
        out.not_translated(said, "a body has no variables");
    else if (!text.empty() && is_utf8(text))
        out.put(route, "body", config::toml_string(text), said);
    return true;
}

std::optional<Rewrite> redirecting(const Directive& rewrite, const NginxServer& server) {
    const std::string flag = rewrite.argument(2), replacement = rewrite.argument(1);
    const bool is_absolute = replacement.starts_with("http://") ||
                             replacement.starts_with("https://") ||
                             replacement.starts_with("$scheme");
    if (flag != "permanent" && flag != "redirect" && !is_absolute) return std::nullopt;
    const std::string regex = rewrite.argument(0);
    const auto rule = rule_of(regex);
    if (!rule) return std::nullopt;
    // The query goes along, unless a "?" at the end or a query of its own says otherwise.
    const bool is_last = replacement.ends_with('?');
    const bool has_query =
        replacement.find('?') != std::string::npos || replacement.ends_with("$request_uri");
    const auto target =
        redirect_target(is_last ? replacement.substr(0, replacement.size() - 1) : replacement,
                        server, rule->captured);
    if (!target) return std::nullopt;
    return Rewrite{rule->paths, *target + (has_query ? "" : "$query"),
                   flag == "permanent" ? 301 : 302};
}

bool is_https_condition(const Directive& directive) {
    const std::string first = directive.argument(0);
    return directive.name == "if" &&
           (first.starts_with("($scheme") || first.starts_with("($https")) &&
           directive.block.size() == 1 && is_https_return(directive.block.front());
}

const Directive* return_of(const Directives& directives) {
    const auto is_answer = [](const Directive& directive) {
        return directive.name == "return" || is_https_return(directive);
    };
    const auto found = std::ranges::find_if(directives, is_answer);
    return found == directives.end() ? nullptr : &*found;
}

bool leads_to_https(const NginxServer& server) {
    if (server.has_tls()) return false;
    if (std::ranges::any_of(server.directives, is_host_condition)) return true;
    if (const Directive* answer = return_of(server.directives)) return is_https_return(*answer);
    for (const Directive& location : server.locations)
        if (location.argument(0) == "/")
            if (const Directive* answer = return_of(location.block))
                return is_https_return(*answer);
    return false;
}

}  // namespace bundle::imported
