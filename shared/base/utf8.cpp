#include "shared/base/utf8.hpp"

#include <cstddef>
#include <cstdint>

namespace bundle {

namespace {

struct Form {
    std::uint8_t mask, lead;  // of the first byte
    std::size_t length;
    std::uint32_t least;  // a smaller code point has a shorter form
};
constexpr Form kForms[] = {
    {0x80, 0x00, 1, 0      },
    {0xe0, 0xc0, 2, 0x80   },
    {0xf0, 0xe0, 3, 0x800  },
    {0xf8, 0xf0, 4, 0x10000}
};

// The length of the character at the front of `bytes`; 0: there is none.
std::size_t character_length(std::string_view bytes) {
    const auto first = static_cast<std::uint8_t>(bytes.front());
    for (const Form& form : kForms) {
        if ((first & form.mask) != form.lead) continue;
        if (bytes.size() < form.length) return 0;
        std::uint32_t code = first & static_cast<std::uint8_t>(~form.mask);
        for (const char c : bytes.substr(1, form.length - 1)) {
            const auto next = static_cast<std::uint8_t>(c);
            if ((next & 0xc0) != 0x80) return 0;
            code = code << 6 | (next & 0x3f);
        }
        const bool surrogate = code >= 0xd800 && code <= 0xdfff;
        return code < form.least || code > 0x10ffff || surrogate ? 0 : form.length;
    }
    return 0;
}

}  // namespace

bool is_utf8(std::string_view bytes) {
    while (!bytes.empty()) {
        const std::size_t length = character_length(bytes);
        if (length == 0) return false;
        bytes.remove_prefix(length);
    }
    return true;
}

}  // namespace bundle
