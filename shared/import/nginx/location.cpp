#include "shared/import/nginx/location.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "shared/config/option/kinds.hpp"
#include "shared/config/option/routing_checks.hpp"
#include "shared/config/units.hpp"
#include "shared/import/nginx/path_regex.hpp"
#include "shared/import/nginx/protection.hpp"
#include "shared/import/nginx/redirect.hpp"
#include "shared/import/nginx/scope.hpp"
#include "shared/import/nginx/units.hpp"
#include "shared/routing/path_table.hpp"

namespace bundle::imported {

using namespace std::chrono_literals;

namespace {

// Directives whose meaning is the action of the route.
constexpr std::array<std::string_view, 13> kOfAction = {"root",
                                                        "alias",
                                                        "index",
                                                        "try_files",
                                                        "proxy_pass",
                                                        "uwsgi_pass",
                                                        "return",
                                                        "rewrite",
                                                        "internal",
                                                        "proxy_read_timeout",
                                                        "uwsgi_read_timeout",
                                                        "proxy_buffering",
                                                        "default_type"};
void tell_open(const SiteContext& context, const Directive& location) {
    context.out.opened(location.said(),
                       "no route can be for it: what it kept to itself is answered as the rest of "
                       "its site is");
}

bool is_among(std::string_view name, auto names) {
    return std::ranges::find(names, name) != names.end();
}

class Route {
  public:
    Route(const SiteContext& context, const Directive& location, std::string path)
        : context_(context), out_(context.out), location_(location), path_(std::move(path)) {}

    void take() {
        if (!begin()) return;
        const Protection protection =
            protection_of(location_.block, &context_.server, context_.out);
        const bool is_kept = needs_more(context_, protection, location_.block);
        const bool is_refused = protection.refuses_all && is_kept;
        if (is_refused && !find_in(location_.block, "return")) return refuse();
        if (!put_action()) {
            if (keeps_out(context_, location_)) return refuse();
            context_.site.drop_route(path_);
            return;
        }
        for (const Directive& directive : location_.block) take_option(directive);
        protect_route(context_, *route_, protection, location_);
    }

    // Of what must not be what the rest of its site is: nobody gets anything.
    void take_refusal() {
        if (begin()) refuse();
    }

  private:
    bool begin() {
        if (!out_.can_have_route(path_, location_.said())) {
            if (keeps_out(context_, location_)) tell_open(context_, location_);
            return false;
        }
        if (context_.site.has_route(path_)) {
            out_.contradicted(location_.said(), "there is a route for that path already");
            restrain(context_, context_.site.route(path_, location_.said()), location_);
            return false;
        }
        route_ = &context_.site.route(path_, location_.said());
        return true;
    }

    void refuse() {
        route_->lines.resize(1);  // its path
        const Directive* answer = find_in(location_.block, "return");
        if (answer && put_return(out_, *route_, *answer, context_.server)) return;
        const Protection protection =
            protection_of(location_.block, &context_.server, context_.out);
        const bool is_of_clients = needs_more(context_, protection, location_.block);
        out_.put(*route_, "return", is_of_clients ? "403" : "404", location_.said());
        tell_opened(out_, protection);
        if (!protection.refuses_all && !has_foreign_action(context_, location_.block))
            out_.closed(protection.lost ? protection.lost->said() : location_.said(),
                        fmt::format("{} answers everybody {}", path_, is_of_clients ? 403 : 404));
    }

    bool put_action() {
        for (const Directive& directive : location_.block)
            if (is_foreign(directive.name)) {
                take_in_scope({out_, *route_, Level::Route, &context_.server}, directive);
                out_.not_translated(
                    location_.said(),
                    fmt::format("because of {}; nobody gets anything there", directive.name));
                return false;
            }
        if (const Directive* answer = find_in(location_.block, "return"))
            return put_return(out_, *route_, *answer, context_.server);
        if (const Directive* rewrite = find_in(location_.block, "rewrite");
            rewrite && put_rewrite(*rewrite))
            return true;
        switch (passed(context_, location_.block)) {
            case Passed::ToApplication:
                return put_application();
            case Passed::Elsewhere:
                out_.not_translated(location_.said(),
                                    "because of where it is passed to; nobody gets anything there");
                return false;
            case Passed::Nowhere:
                break;
        }
        return put_files();
    }

    bool put_rewrite(const Directive& rewrite) {
        const auto redirect = redirecting(rewrite, context_.server);
        if (!redirect) {
            out_.not_translated(rewrite.said(),
                                "bundle rewrites nothing inside; a route can redirect");
            return false;
        }
        // $rest is behind the path of the rule, which need not be that of the location.
        if (redirect->target.find("$rest") != std::string::npos && redirect->paths.front() != path_)
            return false;
        return out_.put_redirect(*route_, redirect->target, redirect->status, rewrite.said());
    }

    bool put_application() {
        const Directive* try_them = find_in(location_.block, "try_files");
        if (try_them && try_files(context_, *try_them).files)
            out_.differs(
                try_them->said(),
                "an application's route has no files: root or directory with fallback has");
        out_.put(*route_, "app", "\"main\"", location_.said());
        const Directive* pass = find_in(location_.block, "proxy_pass");
        const std::string uri = pass ? pass_target(pass->argument(0)).uri : "";
        if (uri.empty()) return true;
        const bool cuts =
            uri == "/" && path_.starts_with('/') && path_.ends_with('/') && path_.size() > 1;
        if (!cuts) {
            if (uri != path_)
                out_.not_translated(pass->said(),
                                    "the path is not rewritten; mount is what there is");
            return true;
        }
        out_.put_text(*route_, "mount", path_.substr(0, path_.size() - 1), pass->said());
        out_.differs(pass->said(), "the application finds what is cut off in SCRIPT_NAME");
        return true;
    }

    [[nodiscard]] bool is_glob() const {
        return RoutePath::in(path_).kind == RoutePath::Kind::Glob;
    }

    // alias is the folder itself; root lacks the path, which bundle takes off.
    [[nodiscard]] std::string directory() const {
        if (const Directive* alias = find_in(location_.block, "alias")) return alias->argument(0);
        const std::string root = root_of(location_.block, context_.server);
        if (root.empty() || is_glob()) return root;
        if (path_.starts_with('=')) return root + path_.substr(1, path_.rfind('/'));
        return root + path_;
    }

    bool put_files() {
        std::string folder = directory();
        const Directive* alias = find_in(location_.block, "alias");
        if (folder.empty() || folder.find('$') != std::string::npos) {
            out_.not_translated(location_.said(), "it does not say which folder its files are in");
            return false;
        }
        if (path_.starts_with('=') && alias) {
            // An exact path with the name of another file.
            const bool is_same_name =
                folder.substr(folder.rfind('/') + 1) == path_.substr(path_.rfind('/') + 1);
            if (!is_same_name) {
                out_.not_translated(location_.said(),
                                    "a file has the name that it is asked for by");
                return false;
            }
            folder = folder.substr(0, folder.rfind('/') + 1);
        }
        out_.put_text(*route_, "directory", folder, location_.said());
        if (!route_->find("directory")) return false;
        if (const Directive* try_them = find_in(location_.block, "try_files"))
            put_fallback(*try_them);
        return true;
    }

    void put_fallback(const Directive& directive) {
        const TryFiles tried = try_files(context_, directive);
        std::string fallback = tried.fallback;
        if (fallback.empty() || fallback == "404") return;
        if (fallback.starts_with('/')) {
            const std::string_view prefix = RoutePath::in(path_).text;
            const bool is_below = is_glob() || covers_path(prefix, fallback);
            if (!is_glob() && is_below) fallback.erase(0, prefix.size());
            if (!is_below || config::check_fallback(fallback))
                return out_.not_translated(directive.said(),
                                           "it is no file below the route's folder");
        }
        out_.put_text(*route_, "fallback", fallback, directive.said());
    }

    void take_option(const Directive& directive) {
        const Scope scope{out_, *route_, Level::Route, &context_.server};
        const std::string value = directive.argument(0);
        if (directive.name == "internal")
            out_.put(*route_, "internal", "true", directive.said());
        else if (directive.name.ends_with("_read_timeout"))
            put_request_timeout(out_, *route_, directive);
        else if (directive.name == "proxy_buffering" && value == "off")
            out_.put(*route_, "buffering", "false", directive.said());
        else if (directive.name == "default_type" && route_->find("body"))
            out_.add_to_table(*route_, "headers.set", "Content-Type", value, directive.said());
        else if (directive.name == "proxy_set_header" && value == "SCRIPT_NAME")
            put_mount(directive);
        else if (!is_among(directive.name, kOfAction))
            take_in_scope(scope, directive);
    }

    void put_mount(const Directive& directive) {
        const std::string mount = directive.argument(1);
        const RoutePath path = RoutePath::in(path_);
        const bool fits = route_->find("app") && !config::check_mount(mount) &&
                          path.kind != RoutePath::Kind::Glob && covers_path(mount, path.text);
        if (!fits)
            return out_.not_translated(directive.said(), "mount is for a route of an application");
        out_.put_text(*route_, "mount", mount, directive.said());
    }

    const SiteContext& context_;
    Import& out_;
    const Directive& location_;
    const std::string path_;
    DraftTable* route_ = nullptr;
};

void take_regex(const SiteContext& context, const Directive& location) {
    const std::string regex = location.argument(1);
    const bool is_kept = keeps_out(context, location);
    const auto globs = globs_of(regex);
    if (is_kept && is_of_dotfiles(regex))
        return context.out.not_needed(location.said(),
                                      "files whose names begin with a dot are not found anyway");
    if (globs.empty() && !is_kept)
        return context.out.not_translated(
            location.said(),
            "a regular expression; a route has a prefix, \"=/exact\" or \"*.ending\"");
    const RegexPaths found = globs.empty() ? paths_of(regex) : RegexPaths{globs};
    if (found.paths.empty()) return tell_open(context, location);
    const bool is_spelled = is_kept && location.argument(0) == "~*";
    for (const std::string& path : found.paths)
        for (const std::string& spelling :
             is_spelled ? spellings_of(path) : std::vector<std::string>{path}) {
            Route route(context, location, spelling);
            found.is_wider ? route.take_refusal() : route.take();
        }
    if (found.is_wider)
        context.out.differs(location.said(), "refused is somewhat more than what it is for");
    context.out.differs(location.said(),
                        "patterns come after all prefixes; upper and lower case are different");
}

// "/admin" of nginx is for "/admin.bak", too.
void refuse_longer_names(const SiteContext& context, const Directive& location,
                         const std::string& path) {
    const Protection protection = protection_of(location.block, &context.server, context.out);
    if (protection.has_lists && protection.admits_others && !protection.lost) return;
    if (keeps_out(context, location) && !context.site.has_route(path + "**"))
        Route(context, location, path + "**").take_refusal();
}

}  // namespace

// An action that bundle does not have: without it the rest of the location would be something else.
bool is_foreign(std::string_view name) {
    constexpr std::array<std::string_view, 8> kForeign = {
        "fastcgi_pass", "scgi_pass", "grpc_pass",  "memcached_pass",
        "stub_status",  "empty_gif", "js_content", "perl"};
    return is_among(name, kForeign);
}

bool has_foreign_action(const SiteContext& context, const Directives& block) {
    return std::ranges::any_of(block, [&](const Directive& directive) {
        const bool passes = directive.name == "proxy_pass" || directive.name == "uwsgi_pass";
        return is_foreign(directive.name) ||
               (passes && !context.upstreams.is_application(pass_target(directive.argument(0))));
    });
}

Passed passed(const SiteContext& context, const Directives& block) {
    for (const char* name : {"proxy_pass", "uwsgi_pass"}) {
        const Directive* pass = find_in(block, name);
        if (!pass) continue;
        if (context.upstreams.is_application(pass_target(pass->argument(0)))) {
            context.out.findings.add(Fate::Translated, pass->said(), "app.main");
            return Passed::ToApplication;
        }
        context.out.not_translated(
            pass->said(), "bundle is no proxy: it passes requests to its own application only");
        return Passed::Elsewhere;
    }
    return Passed::Nowhere;
}

TryFiles try_files(const SiteContext& context, const Directive& directive) {
    TryFiles tried;
    tried.said = directive.said();
    for (std::size_t i = 0; i + 1 < directive.arguments.size(); ++i) {
        const std::string& what = directive.arguments[i];
        if (what == "$uri")
            tried.files = true;
        else if (what == "$uri/")
            tried.folders = true;
        else
            context.out.not_translated(
                tried.said, what + ": bundle looks for the path itself, and for index files");
    }
    const std::string last = directive.arguments.empty() ? "" : directive.arguments.back();
    if (last.starts_with('@')) {
        const auto named = std::ranges::find_if(
            context.server.locations,
            [&](const Directive& location) { return location.argument(0) == last; });
        const bool is_ours = named != context.server.locations.end() &&
                             passed(context, named->block) == Passed::ToApplication;
        if (is_ours) tried.fallback = "app";
    } else if (last == "=404") {
        tried.fallback = "404";
    } else if (const std::string path = last.substr(0, last.find('?'));
               !config::check_fallback(path)) {
        tried.fallback = path;
    }
    if (tried.fallback.empty())
        context.out.not_translated(
            tried.said, "what is not there is answered by the application, by 404 or by a file");
    return tried;
}

void put_request_timeout(Import& out, DraftTable& table, const Directive& directive) {
    const auto time = nginx_time(directive.argument(0));
    const Said said = directive.said();
    if (!time) return out.not_translated(said, "it is no time");
    const auto wanted = std::clamp<std::chrono::milliseconds>(*time, 1s, 24h);
    DraftLine* other = out.draft.app.find("request_timeout");
    const auto known = other
                           ? config::parse_duration(other->value.substr(1, other->value.size() - 2))
                           : Result<std::chrono::milliseconds>(wanted);
    if (&table != &out.draft.app) {
        if (known && *known < wanted)
            out.contradicted(
                said, fmt::format("{} says {}, which would have come first; here this counts",
                                  other->said.place.text(), config::print_duration(*known)));
        return put_time(out, table, "request_timeout", wanted, {1s, 24h}, said);
    }
    if (other && known && *known > wanted) {
        out.contradicted(other->said,
                         fmt::format("{} says {}, which was taken: clients met it first",
                                     said.place.text(), config::print_duration(wanted)));
        *other = {
            "request_timeout", config::toml_string(config::print_duration(wanted)), {}, {}, said};
        return;
    }
    put_time(out, table, "request_timeout", wanted, {1s, 24h}, said);
}

void take_location(const SiteContext& context, const Directive& location) {
    const std::string first = location.argument(0), second = location.argument(1);
    if (first.starts_with('@') || first == "/") return;
    if (first == "~" || first == "~*") return take_regex(context, location);
    if (first == "=") return Route(context, location, "=" + second).take();
    const std::string path = first == "^~" ? second : first;
    if (RoutePath::in(path).kind == RoutePath::Kind::Glob) {
        if (keeps_out(context, location)) tell_open(context, location);
        return context.out.not_translated(location.said(),
                                          "\"*\" and \"?\" make a pattern of a path");
    }
    Route(context, location, path).take();
    if (path.ends_with('/') || !context.site.has_route(path)) return;
    context.out.differs(location.said(),
                        fmt::format("whole segments: {0} and {0}/..., not {0}more", path));
    refuse_longer_names(context, location, path);
}

}  // namespace bundle::imported
