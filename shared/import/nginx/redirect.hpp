// return and rewrite: answers without a file and without an application.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "shared/import/nginx/server.hpp"

namespace bundle::imported {

// "https://$host$request_uri" as `redirect` writes it; nothing when it needs what bundle does not
// know. `captured` is what
// "$1" stands for; "" when there is none.
std::optional<std::string> redirect_target(const std::string& target, const NginxServer& server,
                                           const std::string& captured);

// `return 301 https://...`, `return 404`, `return 200 "text"`, into a route. False: nothing was
// written.
bool put_return(Import& out, DraftTable& route, const Directive& directive,
                const NginxServer& server);

// What a rewrite that leads clients away has for a route: "=/old" -> "/new". Nothing for those
// inside of nginx.
struct Rewrite {
    std::vector<std::string> paths;  // of routes
    std::string target;
    int status = 302;
};
std::optional<Rewrite> redirecting(const Directive& rewrite, const NginxServer& server);

// Whether a server does nothing but lead its clients to https: by return, rewrite, or the
// conditions that certbot writes.
bool leads_to_https(const NginxServer& server);
// `if ($scheme = http) { return 301 https://...; }`
bool is_https_condition(const Directive& directive);

// The only answer that a server has for everything; none where it has others.
const Directive* return_of(const Directives& directives);

}  // namespace bundle::imported
