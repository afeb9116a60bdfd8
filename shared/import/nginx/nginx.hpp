// nginx.conf, or a file of sites-available, into a draft of site.toml.
#pragma once
#include <string>
#include <vector>

#include "shared/base/result.hpp"
#include "shared/import/draft.hpp"
#include "shared/import/nginx/includes.hpp"

namespace bundle::imported {

// `binds` are where the application listens, "unix:/run/gunicorn.sock"; empty: nobody said. An
// error says file and line.
Result<void> import_nginx(const std::string& path, const Files& files,
                          const std::vector<std::string>& binds, Import& out);

}  // namespace bundle::imported
