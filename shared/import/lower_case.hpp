// Names that are the same in upper and lower case, as the configuration writes them.
#pragma once
#include <algorithm>
#include <string>

#include "shared/http/headers.hpp"

namespace bundle::imported {

inline std::string in_lower_case(std::string text) {
    std::ranges::transform(text, text.begin(), ascii_lower);
    return text;
}

}  // namespace bundle::imported
