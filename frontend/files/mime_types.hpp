// What kind of thing a file is, by the end of its name (static/mime.types, compiled in).
#pragma once
#include <string>
#include <string_view>

namespace bundle {

// The value of Content-Type for a file of that name; "application/octet-stream" when nobody knows.
// It lives as long as the process.
//
// Text of every kind is said to be UTF-8, as WhiteNoise says and nginx with `charset utf-8`, for a
// browser otherwise guesses from a user's language. JSON is UTF-8 by definition (RFC 8259), XML and
// SVG say for themselves what they are.
std::string_view mime_type_of(std::string_view file_name);

// The type with "; charset=utf-8" when it is text and says nothing of that itself.
std::string with_charset(std::string type);

// What stands behind the last dot of the name, in lower case; "" when it has none, or one that is
// longer than any.
std::string lower_ending_of(std::string_view file_name);

}  // namespace bundle
