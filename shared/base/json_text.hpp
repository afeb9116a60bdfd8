// Strings as JSON has them (RFC 8259 section 7).
#pragma once
#include <string>
#include <string_view>

namespace bundle {

// In quotes. Bytes that are no UTF-8 are taken for Latin-1, as WSGI does.
void append_json(std::string& out, std::string_view text);
std::string json_text(std::string_view text);

}  // namespace bundle
