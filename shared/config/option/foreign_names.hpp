// What other servers call an option, for those who come from gunicorn, uWSGI or nginx and write a
// name of theirs.
#pragma once
#include <optional>
#include <span>
#include <string_view>

namespace bundle::config {

struct ForeignName {
    std::string_view foreign;  // "harakiri"
    std::string_view option;   // "request_timeout"
    std::string_view table;    // "[app.NAME]"
};
std::span<const ForeignName> foreign_names();

// What we call "timeout", "harakiri" or "proxy_read_timeout"; dashes count as underscores.
std::optional<ForeignName> our_name_for(std::string_view foreign);

}  // namespace bundle::config
