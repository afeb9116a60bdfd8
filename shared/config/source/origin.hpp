// Where a value of the configuration comes from, for messages and for `bundle config --origins`.
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <string>

namespace bundle {

// One file, variable or argument that says something.
struct Source {
    enum class Kind { File, Environment, CommandLine };
    Kind kind = Kind::File;
    std::string name;    // "site.toml", "BUNDLE_HTTP__HEAD_TIMEOUT", "--set http.head_timeout"
    std::string folder;  // where its relative paths begin
};

struct Origin {
    std::shared_ptr<const Source> source;  // nullptr: the default
    std::uint32_t line = 0;                // in a file, from 1; otherwise 0
    std::uint32_t column = 0;

    // "site.toml:14:11", "BUNDLE_HTTP__HEAD_TIMEOUT", "--set http.head_timeout", "default"
    [[nodiscard]] std::string place() const;
    // The same without the column: what stands behind a value of `bundle config --origins`.
    [[nodiscard]] std::string line_of() const;
};

// Of every option and table that a source speaks of, by its full name: "app.shop.workers",
// "listen.0".
using Origins = std::map<std::string, Origin, std::less<>>;

}  // namespace bundle
