// The regular expression of a location, as paths of routes.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace bundle::imported {

// "*.css", "*.js" of `\.(css|js)$`; none when it says more than an ending.
std::vector<std::string> globs_of(const std::string& regex);

// Whether it is for names that begin with a dot, and for no others: `/\.`, `(^|/)\.ht`,
// `/\.(?!well-known)`. bundle does not find those anyway.
bool is_of_dotfiles(std::string_view regex);

struct RegexPaths {
    std::vector<std::string> paths = {};  // "/admin/", "/uploads/**.php"; none: it cannot be said
    bool is_wider = false;                // they hold more than what it is for
};
// What a regular expression that refuses has to become: at least all that it is for.
RegexPaths paths_of(std::string_view regex);

// "*.sql", "*.SQL", "*.Sql": the usual spellings of what has no case.
std::vector<std::string> spellings_of(const std::string& path);

}  // namespace bundle::imported
