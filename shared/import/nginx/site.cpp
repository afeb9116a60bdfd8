#include "shared/import/nginx/site.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "shared/config/option/kinds.hpp"
#include "shared/config/option/routing_checks.hpp"
#include "shared/import/nginx/protection.hpp"
#include "shared/import/nginx/redirect.hpp"
#include "shared/import/nginx/scope.hpp"
#include "shared/import/nginx/tls.hpp"

namespace bundle::imported {

namespace {

constexpr std::array<std::string_view, 7> kOfSite = {
    "root", "alias", "index", "try_files", "proxy_pass", "uwsgi_pass", "default_type"};

class Site {
  public:
    explicit Site(const SiteContext& context)
        : context_(context), out_(context.out), server_(context.server), own_(context.site.own) {}

    void fill() {
        find_main_block();
        const Directive* verify = find_in(server_.directives, "ssl_verify_client");
        if (verify && server_.has_tls()) take_client_verify(out_, own_, *verify);
        if (const Directive* answer = return_of(main_)) return answer_all(*answer);
        put_action();
        for (const Directive& directive : main_) take(directive);
        protect_site(context_, main_, "the site");
        for (const Directive& location : server_.locations)
            if (location.argument(0).starts_with('@')) take_named(location);
        for (const Directive& location : server_.locations) take_location(context_, location);
        tell_precedence(context_);
        put_app();
    }

  private:
    // "location /" says what the site does; the rest of its server holds unless it says so itself.
    void find_main_block() {
        std::set<std::string_view> said;
        for (const Directive& location : server_.locations)
            if (location.argument(0) == "/" && !main_location_) main_location_ = &location;
        if (main_location_) {
            for (const Directive& directive : main_location_->block) said.insert(directive.name);
            main_ = main_location_->block;
        }
        // Conditions of a server hold everywhere, and its lists go together.
        const bool has_lists = said.contains("allow") || said.contains("deny");
        for (const Directive& directive : server_.directives) {
            const bool is_list = directive.name == "allow" || directive.name == "deny";
            if (directive.name == "if" || (is_list ? !has_lists : !said.contains(directive.name)))
                main_.push_back(directive);
        }
    }

    void answer_all(const Directive& answer) {
        DraftTable& route = context_.site.route("/", answer.said());
        if (answer.name == "rewrite" ? !put_rewrite(route, answer)
                                     : !put_return(out_, route, answer, server_))
            context_.site.routes.clear();
        if (context_.site.routes.empty()) {
            out_.put(context_.site.route("/", answer.said()), "return", "404", answer.said());
            out_.differs(answer.said(), "what it answers cannot be said, so that it is 404");
        }
        // What a return of "location /" leaves to others.
        const bool is_of_server = find_in(server_.directives, answer.name) != nullptr;
        for (const Directive& location : server_.locations) {
            if (is_of_server && !location.argument(0).starts_with('@'))
                out_.not_needed(location.said(), "its server answers before it");
            else if (!is_of_server)
                take_location(context_, location);
        }
        for (const Directive& directive : main_)
            if (&directive != &answer && directive.name != "return" && directive.name != "rewrite")
                take(directive);
        put_app();
    }

    bool put_rewrite(DraftTable& route, const Directive& rewrite) {
        const auto redirect = redirecting(rewrite, server_);
        if (!redirect) return false;
        return out_.put_redirect(route, redirect->target, redirect->status, rewrite.said());
    }

    void put_action() {
        const Directive* tried = find_in(main_, "try_files");
        const Passed passes = passed(context_, main_);
        const std::string root = root_of(main_, server_);
        if (passes == Passed::Elsewhere)
            out_.differs(main_location_ ? main_location_->said() : server_.said,
                         "what is passed elsewhere is answered 404");
        falls_to_app_ = passes == Passed::ToApplication;
        if (passes != Passed::Nowhere && !tried) return;
        if (root.empty()) {
            if (!main_location_ && server_.locations.empty()) no_root();
            if (main_location_) no_root();
            return;
        }
        put_root(root, tried ? try_files(context_, *tried) : TryFiles{true, true, "404", {}});
    }

    void no_root() {
        out_.not_translated(main_location_ ? main_location_->said() : server_.said,
                            "it does not say which folder its files are in (root)");
    }

    void put_root(const std::string& root, const TryFiles& tried) {
        const Directive* said = find_in(main_, "root");
        const Said from = said ? said->said() : server_.said;
        out_.put_text(own_, "root", root, from);
        if (!own_.find("root")) return;
        if (!tried.folders) own_.lines.push_back({"index", "[]", {}, {}, tried.said});
        falls_to_app_ = falls_to_app_ || tried.fallback == "app";
        // Where there is no application that is what happens anyway.
        if (tried.fallback.starts_with('/'))
            out_.put_text(own_, "fallback", tried.fallback, tried.said);
    }

    void take(const Directive& directive) {
        if (is_of_tls(directive)) return;  // taken together
        if (directive.name == "rewrite") return take_rewrite(directive);
        if (directive.name == "index") return take_index(directive);
        if (directive.name.ends_with("_read_timeout"))
            return put_request_timeout(out_, out_.draft.app, directive);
        if (directive.name == "proxy_buffering")
            return out_.not_translated(
                directive.said(),
                "bytes go out as they come anyway; buffering = false is a route's");
        if (is_https_condition(directive))
            return out_.put_text(own_, "https", "redirect", directive.said());
        if (directive.name == "internal") return out_.close(own_, directive.said(), "the site");
        if (std::ranges::find(kOfSite, directive.name) != kOfSite.end()) return;
        take_in_scope({out_, own_, Level::Site, &server_}, directive);
    }

    void take_index(const Directive& directive) {
        if (!own_.find("root") || own_.find("index")) return;
        for (const std::string& name : directive.arguments) {
            if (config::check_file_name(name) || name.find('$') != std::string::npos)
                out_.not_translated(directive.said(), name + " is not the name of a file");
            else
                out_.add_to_list(own_, "index", name, directive.said());
        }
    }

    void take_rewrite(const Directive& directive) {
        const auto redirect = redirecting(directive, server_);
        if (!redirect)
            return out_.not_translated(directive.said(),
                                       "bundle rewrites nothing inside; a route can redirect");
        for (const std::string& path : redirect->paths) {
            if (!out_.can_have_route(path, directive.said())) continue;
            if (context_.site.has_route(path)) {
                out_.contradicted(directive.said(), "there is a route for that path already");
                continue;
            }
            DraftTable& route = context_.site.route(path, directive.said());
            if (!out_.put_redirect(route, redirect->target, redirect->status, directive.said()))
                context_.site.routes.pop_back();
        }
    }

    // "@app": what it says of requests to the application.
    void take_named(const Directive& location) {
        if (passed(context_, location.block) != Passed::ToApplication) return;
        for (const Directive& directive : location.block)
            if (!directive.name.ends_with("_pass")) take(directive);
        protect_site(context_, location.block, "the site");
    }

    void put_app() {
        const bool is_wanted =
            std::ranges::any_of(context_.site.routes, [](const DraftTable& route) {
                const DraftLine* fallback = route.find("fallback");
                return fallback && fallback->value == "\"app\"";
            });
        const Said from = main_location_ ? main_location_->said() : server_.said;
        const bool has_app = falls_to_app_ || is_wanted;
        own_.lines.push_back({"app", has_app ? "\"main\"" : "\"off\"", {}, {}, from});
        if (is_wanted && !falls_to_app_ && own_.find("root") && !own_.find("fallback"))
            own_.lines.push_back({"fallback", "\"404\"", {}, {}, from});
    }

    const SiteContext& context_;
    Import& out_;
    const NginxServer& server_;
    DraftTable& own_;
    const Directive* main_location_ = nullptr;
    Directives main_;
    bool falls_to_app_ = false;
};

}  // namespace

void fill_site(const SiteContext& context) { Site(context).fill(); }

void take_renewal(const SiteContext& context) {
    for (const Directive& location : context.server.locations) {
        const std::string path = location.arguments.empty() ? "" : location.arguments.back();
        if (path.starts_with("/.well-known/") && !context.site.has_route(path))
            take_location(context, location);
    }
}

}  // namespace bundle::imported
