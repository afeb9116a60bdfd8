// Whom a request claims to come from by Basic authorization (RFC 7617): for logs, where the name
// stands whether or not the application believes it.
#pragma once
#include <string>
#include <string_view>

namespace bundle {

// "" when there is none. What is returned lies in `into`; the password does not.
std::string_view basic_user(std::string_view authorization, std::string& into);

}  // namespace bundle
