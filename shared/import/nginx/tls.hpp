// ssl_...: certificates of servers, [tls], which is one for all of bundle, and whom a site asks for
// a certificate.
#pragma once
#include <vector>

#include "shared/import/nginx/server.hpp"

namespace bundle::imported {

// `folder` is where relative paths begin: that of nginx.conf.
void take_tls(Import& out, const std::vector<NginxServer>& servers, const Directives& of_http,
              const std::string& folder);
// Into [tls] or a site.
void take_client_verify(Import& out, DraftTable& table, const Directive& directive);
bool is_of_tls(const Directive& directive);

}  // namespace bundle::imported
