// Whom nginx keeps out, and whether bundle can: what it cannot say is closed, or told where it is
// open.
#pragma once
#include <vector>

#include "shared/import/nginx/location.hpp"

namespace bundle::imported {

struct Protection {
    const Directive* lost = nullptr;  // what some clients were let in by, and bundle does not have
    std::vector<const Directive*> opened = {};  // refusals that are not closed for, only told
    bool refuses_all = false;
    bool has_lists = false;     // allow or deny
    bool admits_others = true;  // whom the lists do not name
};

// Of a location, `server` is what is around it; of what a site does, there is nothing around.
Protection protection_of(const Directives& own, const NginxServer* server, const Import& out);

// Beyond what its site does.
bool needs_more(const SiteContext& context, const Protection& protection, const Directives& own);
// Whether a location must not become what the rest of its site is: it refuses, or it answers with
// what bundle does not have.
bool keeps_out(const SiteContext& context, const Directive& location);

void tell_opened(Import& out, const Protection& protection);

// What a site does, and what its "@app" does. After its allow and deny.
void protect_site(const SiteContext& context, const Directives& own, const std::string& what);
// The same of a route: also where its site has lists that its location had not.
void protect_route(const SiteContext& context, DraftTable& route, const Protection& protection,
                   const Directive& location);
// A route that a second location of the same path keeps clients out of.
void restrain(const SiteContext& context, DraftTable& route, const Directive& location);

// Patterns that refuse come first in nginx, and behind all prefixes in bundle.
void tell_precedence(const SiteContext& context);

}  // namespace bundle::imported
