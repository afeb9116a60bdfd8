#include "frontend/request/hop_by_hop.hpp"

#include "shared/http/token.hpp"

namespace bundle {

bool is_hop_by_hop(std::string_view name) {
    const auto is = [name](std::string_view other) { return equals_ignoring_case(name, other); };
    switch (name.size()) {
        case 2:
            return is("te");
        case 7:
            return is("upgrade") || is("trailer");
        case 10:
            return is("connection") || is("keep-alive");
        case 14:
            return is("http2-settings");
        case 16:
            return is("proxy-connection");
        case 17:
            return is("transfer-encoding");
        case 18:
            return is("proxy-authenticate");
        case 19:
            return is("proxy-authorization");
        default:
            return false;
    }
}

bool is_never_removed(std::string_view name) {
    return equals_ignoring_case(name, "host") || equals_ignoring_case(name, "content-length");
}

namespace {

bool is_connection(const HeaderField& field) {
    return field.name.size() == 10 && equals_ignoring_case(field.name, "connection");
}

bool names_nothing(std::string_view value) {
    return equals_ignoring_case(value, "keep-alive") || equals_ignoring_case(value, "close");
}

}  // namespace

ConnectionOptions::ConnectionOptions(const Headers& fields) : fields_(fields) {
    for (const HeaderField& field : fields)
        if (is_connection(field) && !names_nothing(field.value)) name_fields_ = true;
}

bool ConnectionOptions::contain(std::string_view option) const {
    for (const HeaderField& field : fields_) {
        if (!is_connection(field)) continue;
        for (auto rest = field.value; !rest.empty();)
            if (equals_ignoring_case(take_list_item(rest), option)) return true;
    }
    return false;
}

}  // namespace bundle
