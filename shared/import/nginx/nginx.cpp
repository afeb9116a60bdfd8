#include "shared/import/nginx/nginx.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "shared/import/nginx/scope.hpp"
#include "shared/import/nginx/sites.hpp"
#include "shared/import/nginx/tls.hpp"

namespace bundle::imported {

namespace {

// http { } and what stands outside of it are one: a file of sites-available has no http { }.
void flatten(Directives directives, Directives& into) {
    for (Directive& directive : directives) {
        if (directive.name == "http" && directive.has_block)
            flatten(std::move(directive.block), into);
        else
            into.push_back(std::move(directive));
    }
}

void note_log_format(const Directive& directive, Import& out) {
    std::string format;
    for (std::size_t i = 1; i < directive.arguments.size(); ++i)
        if (!directive.arguments[i].starts_with("escape=")) format += directive.arguments[i];
    out.log_formats[directive.argument(0)] = format;
}

// "$is_bad" of "map $http_user_agent $is_bad"; of several variables it is none of them.
void note_map(const Directive& directive, Import& out) {
    const std::string from = directive.argument(0), to = directive.argument(1);
    if (from.starts_with('$') && from.rfind('$') == 0 && to.starts_with('$'))
        out.mapped[to.substr(1)] = from.substr(1);
}

// What nginx does where its file says nothing, and bundle would do otherwise.
void put_defaults(Import& out) {
    const Said unsaid{
        {"nginx's default", 0},
        ""
    };
    if (!out.draft.http.find("max_body"))
        out.draft.http.lines.push_back({"max_body", "\"1M\"", {}, {}, unsaid});
    for (DraftSite& site : out.draft.sites)
        if (!site.own.find("gzip")) site.own.lines.push_back({"gzip", "false", {}, {}, unsaid});
}

}  // namespace

Result<void> import_nginx(const std::string& path, const Files& files,
                          const std::vector<std::string>& binds, Import& out) {
    TRY_ASSIGN(Directives read, read_nginx(path, files, out.findings));
    Directives all;
    flatten(std::move(read), all);
    Upstreams upstreams;
    std::vector<NginxServer> servers;
    for (const Directive& directive : all) {
        if (directive.name == "log_format") note_log_format(directive, out);
        if (directive.name == "upstream") upstreams.add(directive, out);
        if (directive.name == "map") note_map(directive, out);
    }
    for (const Directive& directive : all)
        if (directive.name == "server" && directive.has_block)
            servers.push_back(nginx_server(directive, all, out));
    if (servers.empty()) return failure(fmt::format("{}: there is no server {{ }} in it", path));
    upstreams.find_application(servers, binds, out);
    upstreams.tell_members(out);
    for (const Directive& directive : all) {
        const bool is_taken_elsewhere =
            directive.name == "server" || directive.name == "upstream" ||
            directive.name == "log_format" || is_of_tls(directive) || is_inherited(directive.name);
        if (!is_taken_elsewhere) take_in_scope({out, out.draft.http, Level::Http}, directive);
    }
    const std::string folder = std::filesystem::absolute(path).parent_path();
    take_tls(out, servers, all, folder);
    take_servers(out, servers, upstreams);
    put_defaults(out);
    const bool is_named = out.draft.app.find("wsgi") || out.draft.app.find("paste");
    if (upstreams.has_application() && !is_named)
        return failure(
            fmt::format("{}: {} leads to an application, but which one it is stands in gunicorn's "
                        "command line; "
                        "add --gunicorn \"MODULE:APP\" or what it is started with",
                        upstreams.passed().place.text(), upstreams.passed().words));
    return {};
}

}  // namespace bundle::imported
