#include "backend/python/wsgi_name.hpp"

namespace bundle {

WsgiName parts_of_wsgi_name(std::string_view text) {
    WsgiName name;
    const auto colon = text.find(':');
    name.module = text.substr(0, colon);
    if (colon == std::string_view::npos) return name;

    const std::string_view target = text.substr(colon + 1);
    const auto open = target.find('(');
    name.callable = target.substr(0, open);
    if (open != std::string_view::npos)
        name.arguments = target.substr(open + 1, target.rfind(')') - open - 1);
    return name;
}

}  // namespace bundle
