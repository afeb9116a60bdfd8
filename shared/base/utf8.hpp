// Whether bytes are UTF-8: what TOML demands of its text, and so of everything we print as TOML.
#pragma once
#include <string_view>

namespace bundle {

bool is_utf8(std::string_view bytes);

}  // namespace bundle
