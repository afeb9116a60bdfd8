// Whom a request is for: "shop.example", "shop.example:8000", "[::1]:8000" (RFC 3986 section 3.2).
#pragma once
#include <string_view>

namespace bundle {

// Stricter than the grammar, which allows "a(b;c" and "%41": a host is a DNS name, a name of the
// kind that containers have ("app_1"), an IPv4 address or an IPv6 address in brackets. User
// information is never accepted: it exists to make one host look like another.
bool is_valid_authority(std::string_view authority);

}  // namespace bundle
