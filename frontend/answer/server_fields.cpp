#include "frontend/answer/server_fields.hpp"

#include "shared/http/token.hpp"

namespace bundle {

ServerFields ServerFields::in(const Headers& fields) {
    ServerFields found;
    std::string_view buffering;
    for (const HeaderField& field : fields) {
        if (!is_for_server(field.name)) continue;  // nearly every one
        const auto take = [&field](std::string_view name, std::string_view& value) {
            if (value.empty() && equals_ignoring_case(field.name, name))
                value = without_white_space_around(field.value);
        };
        take("x-accel-redirect", found.route);
        take("x-sendfile", found.file);
        take("x-accel-buffering", buffering);
    }
    if (equals_ignoring_case(buffering, "no")) found.buffering = BufferingWish::Off;
    if (equals_ignoring_case(buffering, "yes")) found.buffering = BufferingWish::On;
    return found;
}

}  // namespace bundle
