// Types of content (RFC 9110 section 8.3.1).
#pragma once
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "shared/http/headers.hpp"
#include "shared/http/token.hpp"

namespace bundle {

// "text/html; charset=utf-8" is "text/html".
constexpr std::string_view without_parameters(std::string_view type) {
    return without_white_space_around(type.substr(0, type.find(';')));
}

// Whether the list, of "type/subtype" and "type/*", has the type, which may have parameters.
inline bool is_listed_type(const std::vector<std::string>& list, std::string_view type) {
    type = without_parameters(type);
    return std::ranges::any_of(list, [type](std::string_view listed) {
        if (!listed.ends_with("/*")) return equals_ignoring_case(listed, type);
        listed.remove_suffix(1);
        return equals_ignoring_case(listed, type.substr(0, listed.size()));
    });
}

}  // namespace bundle
