// Fields of a request or an answer (RFC 9110 section 5), as views: whoever holds the bytes says how
// long they live. Names compare without regard to case; requests carry them in lower case already.
#pragma once
#include <algorithm>
#include <string_view>
#include <vector>

namespace bundle {

struct HeaderField {
    std::string_view name;
    std::string_view value;
    friend bool operator==(const HeaderField&, const HeaderField&) = default;
};

using Headers = std::vector<HeaderField>;

constexpr char ascii_lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}

constexpr bool equals_ignoring_case(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return ascii_lower(x) == ascii_lower(y); });
}

// The first field of that name; nullptr when there is none.
inline const HeaderField* find_field(const Headers& fields, std::string_view name) {
    for (const HeaderField& field : fields)
        if (equals_ignoring_case(field.name, name)) return &field;
    return nullptr;
}

}  // namespace bundle
