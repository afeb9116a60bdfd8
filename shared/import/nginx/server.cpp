#include "shared/import/nginx/server.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>

#include "shared/config/option/routing_checks.hpp"
#include "shared/import/lower_case.hpp"

namespace bundle::imported {

namespace {

// What holds below for everything that does not say it itself. The rest of http { } is nobody's but
// its own.
constexpr std::array kInherited = std::to_array<std::string_view>({"root",
                                                                   "index",
                                                                   "autoindex",
                                                                   "autoindex_format",
                                                                   "expires",
                                                                   "add_header",
                                                                   "error_page",
                                                                   "allow",
                                                                   "deny",
                                                                   "gzip",
                                                                   "gzip_types",
                                                                   "gzip_min_length",
                                                                   "gzip_comp_level",
                                                                   "gzip_static",
                                                                   "access_log",
                                                                   "proxy_set_header",
                                                                   "proxy_read_timeout",
                                                                   "proxy_buffering",
                                                                   "proxy_hide_header",
                                                                   "auth_basic",
                                                                   "auth_request",
                                                                   "auth_jwt",
                                                                   "auth_digest",
                                                                   "auth_pam",
                                                                   "auth_ldap",
                                                                   "auth_gss",
                                                                   "access_by_lua",
                                                                   "access_by_lua_block",
                                                                   "access_by_lua_file",
                                                                   "satisfy",
                                                                   "brotli",
                                                                   "brotli_types",
                                                                   "brotli_comp_level",
                                                                   "brotli_min_length",
                                                                   "zstd",
                                                                   "zstd_types",
                                                                   "zstd_comp_level",
                                                                   "zstd_min_length",
                                                                   "uwsgi_read_timeout",
                                                                   "proxy_intercept_errors",
                                                                   "limit_req",
                                                                   "limit_conn",
                                                                   "disable_symlinks"});

// allow and deny go together.
bool says(const Directives& own, std::string_view name) {
    if (name == "allow" || name == "deny") return find_in(own, "allow") || find_in(own, "deny");
    return find_in(own, name);
}

// Of each name those of the inner block, or all of the outer one: nginx does not mix them.
Directives with_inherited(Directives own, const Directives& outer) {
    Directives all;
    for (const Directive& directive : outer)
        if (is_inherited(directive.name) && !says(own, directive.name)) all.push_back(directive);
    std::ranges::move(own, std::back_inserter(all));
    return all;
}

void add_locations(const Directive& location, const Directives& outer, Directives& into) {
    Directive flat = location;
    flat.block.clear();
    Directives nested;
    for (const Directive& directive : location.block)
        (directive.name == "location" ? nested : flat.block).push_back(directive);
    flat.block = with_inherited(std::move(flat.block), outer);
    const Directives here = flat.block;
    into.push_back(std::move(flat));
    for (const Directive& inner : nested) add_locations(inner, here, into);
}

// "*.example.com" and names; ".example.com" is both.
void add_name(NginxServer& server, std::string name, const Said& said, Import& out) {
    const auto add = [&](const std::string& host) {
        if (const auto complaint = config::check_host(host))
            return out.not_translated(said, host + ": " + *complaint);
        if (std::ranges::find(server.hosts, host) == server.hosts.end())
            server.hosts.push_back(host);
    };
    while (name.ends_with('.')) name.pop_back();
    if (name.empty() || name == "_" || name == "*") return;
    if (name.front() == '~')
        return out.not_translated(
            said, "a host by regular expression; name the hosts, or \"*.example.com\"");
    if (name.ends_with(".*"))
        return out.not_translated(
            said, "\"*\" stands only in front, as in \"*.example.com\"; name the hosts");
    if (name.front() == '$') return out.not_translated(said, "a host from a variable; name it");
    name = in_lower_case(std::move(name));
    if (name.front() == '.') {
        add(name.substr(1));
        name = "*" + name;
    }
    add(name);
}

void add_names(NginxServer& server, const Directive& directive, Import& out) {
    const std::size_t before = server.hosts.size();
    bool wants_some = false;
    for (const std::string& name : directive.arguments) {
        add_name(server, name, directive.said(), out);
        wants_some = wants_some || (!name.empty() && name != "_" && name != "*");
    }
    if (server.hosts.size() != before)
        out.findings.add(Fate::Translated, directive.said(), "site.hosts");
    else if (wants_some)
        server.is_unknown = true;
}

// nginx's own default, where there is no listen.
constexpr const char* kUsualPort = "80";

std::string tcp_address(const std::string& text) {
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    if (!text.empty() && std::ranges::all_of(text, is_digit)) return "0.0.0.0:" + text;
    if (text.starts_with("*:")) return "0.0.0.0" + text.substr(1);
    const bool has_port = text.starts_with('[') ? text.find("]:") != std::string::npos
                                                : text.find(':') != std::string::npos;
    return has_port ? text : text + ":" + kUsualPort;
}

}  // namespace

bool is_inherited(std::string_view name) {
    return std::ranges::find(kInherited, name) != kInherited.end();
}

const Directive* find_in(const Directives& directives, std::string_view name) {
    const auto found =
        std::ranges::find(directives.rbegin(), directives.rend(), name, &Directive::name);
    return found == directives.rend() ? nullptr : &*found;
}

const Directive* NginxServer::find(std::string_view name) const {
    return find_in(directives, name);
}

bool NginxServer::has_tls() const { return std::ranges::any_of(listens, &NginxListen::tls); }

bool NginxServer::is_default() const {
    return std::ranges::any_of(listens, &NginxListen::is_default);
}

NginxListen nginx_listen(const Directive& directive, Import& out) {
    NginxListen listen;
    listen.said = directive.said();
    const std::string address = directive.argument(0);
    listen.address = address.starts_with("unix:") ? address : tcp_address(address);
    for (std::size_t i = 1; i < directive.arguments.size(); ++i) {
        const std::string& word = directive.arguments[i];
        if (word == "ssl") {
            listen.tls = true;
        } else if (word == "default_server" || word == "default") {
            listen.is_default = true;
        } else if (word == "proxy_protocol") {
            listen.proxy_protocol = true;
        } else if (word.starts_with("backlog=")) {
            listen.backlog = word.substr(std::string_view("backlog=").size());
        } else if (word == "quic") {
            listen.address.clear();
            out.not_translated(listen.said, "bundle does not speak HTTP/3");
        } else if (word == "reuseport" || word == "deferred") {
            out.not_needed(listen.said,
                           word + ": bundle has no such option, and one queue for all workers");
        }
    }
    return listen;
}

NginxServer nginx_server(const Directive& block, const Directives& inherited, Import& out) {
    NginxServer server{block.said()};
    server.directives = with_inherited({}, inherited);
    Directives own;
    for (const Directive& directive : block.block) {
        if (directive.name == "listen")
            server.listens.push_back(nginx_listen(directive, out));
        else if (directive.name == "server_name")
            add_names(server, directive, out);
        else if (directive.name != "location")
            own.push_back(directive);
    }
    server.directives = with_inherited(std::move(own), inherited);
    if (!server.hosts.empty()) server.is_unknown = false;
    for (const Directive& directive : block.block)
        // Routes have the options of their site anyway.
        if (directive.name == "location") add_locations(directive, {}, server.locations);
    if (server.listens.empty()) {
        Directive usual{"listen", {::geteuid() == 0 ? kUsualPort : "8000"}, false, {}, block.place};
        server.listens.push_back(nginx_listen(usual, out));
    }
    std::erase_if(server.listens, [](const NginxListen& listen) { return listen.address.empty(); });
    return server;
}

}  // namespace bundle::imported
