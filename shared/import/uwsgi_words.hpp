// uWSGI's options that need no look at their values: what is told of them, and which are gunicorn's
// under other names.
#pragma once
#include <string_view>

#include "shared/import/findings.hpp"

namespace bundle::imported {

struct UwsgiWord {
    std::string_view name;
    Fate fate;
    std::string_view why;
};
struct UwsgiAlias {
    std::string_view name;
    std::string_view setting;  // of gunicorn
};

// Nothing: there is none of that name.
const UwsgiWord* find_uwsgi_word(std::string_view name);
const UwsgiAlias* find_uwsgi_alias(std::string_view name);

}  // namespace bundle::imported
