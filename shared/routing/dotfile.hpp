// The names that a folder keeps to itself unless `dotfiles` is on: ".git", ".env". ".well-known"
// (RFC 8615) is there to be asked for.
#pragma once
#include <string_view>

namespace bundle {

inline bool is_dotfile(std::string_view name) {
    return name.starts_with('.') && name != ".well-known";
}

}  // namespace bundle
