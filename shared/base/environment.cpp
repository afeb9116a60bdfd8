#include "shared/base/environment.hpp"

#include <charconv>
#include <cstdlib>
#include <cstring>

namespace bundle {

std::optional<std::int64_t> number_in_environment(const char* variable) {
    const char* text = std::getenv(variable);
    if (text == nullptr) return std::nullopt;
    std::int64_t number = 0;
    const char* end = text + std::strlen(text);
    const auto [stopped, error] = std::from_chars(text, end, number);
    if (error != std::errc() || stopped != end) return std::nullopt;
    return number;
}

}  // namespace bundle
