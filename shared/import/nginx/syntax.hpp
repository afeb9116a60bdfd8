// Reads the syntax of nginx.conf: words, quotes, comments, blocks. What the words mean is not its
// business.
#pragma once
#include <string>
#include <string_view>

#include "shared/base/result.hpp"
#include "shared/import/nginx/directive.hpp"

namespace bundle::imported {

// An error says file and line, and what was expected.
Result<Directives> parse_nginx(std::string_view text, const std::string& file);

}  // namespace bundle::imported
