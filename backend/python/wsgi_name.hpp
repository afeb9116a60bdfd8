// What `wsgi = "..."` in site.toml names: a module and the callable in it.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "shared/base/result.hpp"

namespace bundle {

struct WsgiName {
    std::string module;                    // "shop.wsgi"
    std::string callable;                  // "app", "site.app"; empty: "application", then "app"
    std::optional<std::string> arguments;  // of a factory call: what its brackets hold, as written
};

// Names are checked, arguments are not: only Python can read those.
Result<WsgiName> parse_wsgi_name(std::string_view text);

}  // namespace bundle
