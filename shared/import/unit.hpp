// The configuration of NGINX Unit, which is JSON, into a draft of site.toml, its common parts.
#pragma once
#include <string>
#include <string_view>

#include "shared/base/result.hpp"
#include "shared/import/draft.hpp"

namespace bundle::imported {

// An error says file, line and column of what is no JSON, or what is missing.
Result<void> import_unit(std::string_view text, const std::string& file, Import& out);

}  // namespace bundle::imported
