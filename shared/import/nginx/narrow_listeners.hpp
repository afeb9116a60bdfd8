// A server that listens where few clients come to, beside others that all clients come to: its site
// would be for all of them, since a site is chosen by host alone.
#pragma once
#include <vector>

#include "shared/import/draft.hpp"
#include "shared/import/nginx/server.hpp"

namespace bundle::imported {

// Of one on this machine alone (127.0.0.1, a unix socket) that is written, of others it is told.
void keep_to_listeners(Import& out, DraftSite& site, const NginxServer& server,
                       const std::vector<NginxServer>& all);

}  // namespace bundle::imported
