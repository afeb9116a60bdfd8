#include "shared/routing/host_name.hpp"

#include <algorithm>

#include "shared/http/headers.hpp"

namespace bundle {

std::string_view without_port(std::string_view authority) {
    const auto colon = authority.rfind(':');
    const auto bracket = authority.rfind(']');
    const bool has_port =
        colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket);
    return has_port ? authority.substr(0, colon) : authority;
}

HostName::HostName(std::string_view authority) {
    std::string_view host = without_port(authority);
    if (host.ends_with('.')) host.remove_suffix(1);
    if (host.size() > bytes_.size()) return;
    std::ranges::transform(host, bytes_.begin(), ascii_lower);
    size_ = host.size();
}

}  // namespace bundle
