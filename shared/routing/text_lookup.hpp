// A hash table with text for its keys that is asked with views: no key is made to ask.
#pragma once
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace bundle {

struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept {
        return std::hash<std::string_view>{}(text);
    }
};

template <typename Value>
using TextLookup = std::unordered_map<std::string, Value, TextHash, std::equal_to<>>;

}  // namespace bundle
