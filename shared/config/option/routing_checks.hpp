// The syntaxes of what says where a request goes. Each gives the end of the sentence that begins
// with the text, or nothing.
#pragma once
#include "shared/config/option/text_checks.hpp"

namespace bundle::config {

// A host of a site: "example.com", "*.example.com", "192.0.2.1", "[::1]".
Complaint check_host(std::string_view text);

}  // namespace bundle::config
