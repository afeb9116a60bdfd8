#include "shared/import/nginx/location.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "shared/config/option/kinds.hpp"
#include "shared/config/option/routing_checks.hpp"
#include "shared/config/units.hpp"
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
// An action that bundle does not have: without it the rest of the location would be something else.
constexpr std::array<std::string_view, 8> kForeign = {"fastcgi_pass",   "scgi_pass",   "grpc_pass",
                                                      "memcached_pass", "stub_status", "empty_gif",
                                                      "js_content",     "perl"};

bool is_among(std::string_view name, auto names) {
    return std::ranges::find(names, name) != names.end();
}

class Route {
  public:
    Route(const SiteContext& context, const Directive& location, std::string path)
        : context_(context), out_(context.out), location_(location), path_(std::move(path)) {}

    void take() {
        if (!out_.can_have_route(path_, location_.said())) return;
        if (context_.site.has_route(path_))
            return out_.contradicted(location_.said(), "there is a route for that path already");
        const std::size_t before = context_.site.routes.size();
        route_ = &context_.site.route(path_, location_.said());
        if (!put_action()) {
            while (context_.site.routes.size() > before) context_.site.routes.pop_back();
            return;
        }
        for (const Directive& directive : location_.block) take_option(directive);
    }

  private:
    bool put_action() {
        for (const Directive& directive : location_.block)
            if (is_among(directive.name, kForeign)) {
                take_in_scope({out_, *route_, Level::Route, &context_.server}, directive);
                out_.not_translated(location_.said(), fmt::format("because of {}", directive.name));
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
                out_.not_translated(location_.said(), "because of where it is passed to");
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

    [[nodiscard]] bool is_glob() const { return path_.starts_with('*'); }

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
            if (path_ != "/" && fallback.starts_with(path_))
                fallback = "/" + fallback.substr(path_.size());
            if (config::check_fallback(fallback))
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

// `location ~ /\.` with nothing but a refusal.
bool hides_dotfiles(const Directive& location) {
    const std::string regex = location.arguments.empty() ? "" : location.arguments.back();
    return regex.find("\\.") != std::string::npos && regex.find('/') < regex.find("\\.") &&
           std::ranges::any_of(location.block, [](const Directive& directive) {
               return directive.name == "deny" || directive.name == "return";
           });
}

void take_regex(const SiteContext& context, const Directive& location) {
    const auto globs = globs_of(location.argument(1));
    if (globs.empty() && hides_dotfiles(location))
        return context.out.not_needed(location.said(),
                                      "names with a dot in front are not found anyway");
    if (globs.empty())
        return context.out.not_translated(
            location.said(),
            "a regular expression; a route has a prefix, \"=/exact\" or \"*.ending\"");
    for (const std::string& glob : globs) Route(context, location, glob).take();
    context.out.differs(location.said(),
                        "patterns come after all prefixes; upper and lower case are different");
}

}  // namespace

std::vector<std::string> globs_of(const std::string& regex) {
    constexpr std::string_view kBegin = "\\.", kLongBegin = ".*\\.", kUsualBegin = "^.+\\.",
                               kGroup = "(?:";
    std::string_view rest = regex;
    for (const std::string_view begin : {kLongBegin, kUsualBegin, kBegin})
        if (rest.starts_with(begin)) {
            rest.remove_prefix(begin.size());
            break;
        }
    if (rest.size() == regex.size() || !rest.ends_with('$')) return {};
    rest.remove_suffix(1);
    if (rest.starts_with('(') && rest.ends_with(')')) {
        rest.remove_prefix(rest.starts_with(kGroup) ? kGroup.size() : 1);
        rest.remove_suffix(1);
    }
    std::vector<std::string> globs;
    while (!rest.empty()) {
        const auto bar = std::min(rest.find('|'), rest.size());
        std::string ending(rest.substr(0, bar));
        rest.remove_prefix(std::min(bar + 1, rest.size()));
        // "jpe?g" is two.
        const auto mark = ending.find('?');
        if (mark != std::string::npos && mark > 0 &&
            ending.find('?', mark + 1) == std::string::npos) {
            globs.push_back("*." + ending.substr(0, mark - 1) + ending.substr(mark + 1));
            ending.erase(mark, 1);
        }
        globs.push_back("*." + ending);
    }
    const auto is_plain = [](const std::string& glob) {
        return glob.size() > 2 && std::ranges::all_of(glob.substr(2), [](char c) {
                   return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                          (c >= '0' && c <= '9') || c == '_' || c == '-';
               });
    };
    return std::ranges::all_of(globs, is_plain) ? globs : std::vector<std::string>();
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
    if (RoutePath::in(path).kind == RoutePath::Kind::Glob)
        return context.out.not_translated(location.said(),
                                          "\"*\" and \"?\" make a pattern of a path");
    Route(context, location, path).take();
    if (!path.ends_with('/') && context.site.has_route(path))
        context.out.differs(location.said(),
                            fmt::format("whole segments: {0} and {0}/..., not {0}more", path));
}

}  // namespace bundle::imported
