// The syntaxes of what says where a request goes. Each gives the end of the sentence that begins
// with the text, or nothing.
#pragma once
#include "shared/config/option/text_checks.hpp"

namespace bundle::config {

// A host of a site: "example.com", "*.example.com", "192.0.2.1", "[::1]".
Complaint check_host(std::string_view text);

// The path of a route, as that of a request looks after it was decoded and normalised: "/static/",
// "=/exact", "*.php".
Complaint check_route_path(std::string_view text);

// Where `redirect` leads, see redirect_target.hpp.
Complaint check_redirect(std::string_view text);

// SCRIPT_NAME: "/shop".
Complaint check_mount(std::string_view text);

// What answers where there is no file: "app", "404", "/index.html".
Complaint check_fallback(std::string_view text);

// The name of a field of answers that may be changed: not one that frames the answer.
Complaint check_changed_field(std::string_view text);

}  // namespace bundle::config
