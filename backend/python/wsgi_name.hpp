// What `wsgi = "..."` in site.toml names: a module and the callable in it. Its form was checked
// when the configuration was loaded; here it is only taken apart.
#pragma once
#include <optional>
#include <string_view>

namespace bundle {

struct WsgiName {
    std::string_view module;    // "shop.wsgi"
    std::string_view callable;  // "app", "site.app"; empty: "application", then "app"
    std::optional<std::string_view> arguments;  // of a factory call: what its brackets hold
};

// Views of `text`.
WsgiName parts_of_wsgi_name(std::string_view text);

}  // namespace bundle
