// From servers, which nginx chooses by listener and name, to sites, which bundle chooses by name
// alone.
#pragma once
#include <vector>

#include "shared/import/nginx/server.hpp"
#include "shared/import/nginx/upstreams.hpp"

namespace bundle::imported {

void take_servers(Import& out, const std::vector<NginxServer>& servers, const Upstreams& upstreams);

}  // namespace bundle::imported
