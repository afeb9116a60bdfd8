// Where a value of the configuration comes from, for messages and for `bundle config --origins`.
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace bundle::config {

// One file, variable or argument that says something.
struct Source {
    enum class Kind { File, Environment, CommandLine };  // in the order of authority
    Kind kind = Kind::File;
    // "site.toml", "BUNDLE_HTTP__HEAD_TIMEOUT", "http.head_timeout" of --set, "--dev"
    std::string name;
    std::string folder;       // where its relative paths begin
    std::uint32_t order = 0;  // among its kind: the main file before those that it includes
};

struct Origin {
    std::shared_ptr<const Source> source;  // nullptr: the default
    std::uint32_t line = 0;                // in a file, from 1; 0: the file as a whole
    std::uint32_t column = 0;

    // "site.toml:14:11", "environment BUNDLE_HTTP__HEAD_TIMEOUT", "--set http.head_timeout"
    [[nodiscard]] std::string place() const;
    // What stands behind a value of `bundle config --origins`: "site.toml:14", "default".
    [[nodiscard]] std::string comment() const;
};

// Of every option and table that a source speaks of, by its full name: "app.shop.workers",
// "listen.0". The empty name is the main file.
using Origins = std::map<std::string, Origin, std::less<>>;

// Where the option or table is set, or the table around it.
const Origin& nearest_origin(const Origins& origins, std::string_view name);

}  // namespace bundle::config
