// What one server does, as a site.
#pragma once
#include "shared/import/nginx/location.hpp"

namespace bundle::imported {

// Its hosts are there already.
void fill_site(const SiteContext& context);

// The locations below /.well-known/ of a server that else leads to https: certificates are renewed
// by them.
void take_renewal(const SiteContext& context);

}  // namespace bundle::imported
