#include "frontend/answer/redirect.hpp"

#include <array>
#include <utility>

namespace bundle {

Answer redirect_to(std::uint16_t status, std::string location) {
    // The fields view the text, so it must not move.
    struct Own {
        std::string location;
        std::array<HeaderField, 2> fields;
    };
    const auto own = std::make_shared<Own>();
    own->location = std::move(location);
    own->fields = {
        {{"Location", own->location}, {"Content-Length", "0"}}
    };
    return {.status = status, .fields = own->fields, .bytes = {}, .file = {}, .owner = own};
}

}  // namespace bundle
