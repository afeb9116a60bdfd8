// location { }: as a [[site.route]], or, of "/", as what its site does.
#pragma once
#include "shared/import/draft.hpp"
#include "shared/import/nginx/server.hpp"
#include "shared/import/nginx/upstreams.hpp"

namespace bundle::imported {

struct SiteContext {
    Import& out;
    const NginxServer& server;
    DraftSite& site;
    const Upstreams& upstreams;
};

// What try_files looks for, in this order, and what answers else.
struct TryFiles {
    bool files = false;         // $uri
    bool folders = false;       // $uri/
    std::string fallback = {};  // "app", "404", a path; empty: it cannot be said
    Said said = {};
};
TryFiles try_files(const SiteContext& context, const Directive& directive);

// All but "/", which is its site's.
void take_location(const SiteContext& context, const Directive& location);

// Whether proxy_pass or uwsgi_pass leads to the application; told where it leads elsewhere.
enum class Passed : std::uint8_t { Nowhere, ToApplication, Elsewhere };
Passed passed(const SiteContext& context, const Directives& block);

// Whether it has an action that bundle does not have, or that leads elsewhere.
bool is_foreign(std::string_view name);
bool has_foreign_action(const SiteContext& context, const Directives& block);

// Of proxy_read_timeout, into the application or a route, beside what gunicorn says.
void put_request_timeout(Import& out, DraftTable& table, const Directive& directive);

}  // namespace bundle::imported
