#include "frontend/answer/given_file.hpp"

#include <algorithm>
#include <array>

namespace bundle {

bool leaves_parts_to_us(const Headers& fields) {
    constexpr std::array<std::string_view, 4> kOfAPart = {"accept-ranges", "content-range",
                                                          "content-encoding", "content-digest"};
    return std::ranges::none_of(fields, [&](const HeaderField& field) {
        const auto is = [&](std::string_view name) {
            return equals_ignoring_case(field.name, name);
        };
        // A weak tag does not say whether the bytes are the same.
        return (is("etag") && field.value.starts_with("W/")) || std::ranges::any_of(kOfAPart, is);
    });
}

}  // namespace bundle
