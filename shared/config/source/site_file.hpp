// site.toml and the files that it includes, as one tree.
//
// include = ["conf.d/*.toml"] merges: tables join, [[lists]] of tables are appended, and a key that
// is set twice is a problem that names both places. Only the main file includes.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "shared/config/source/node.hpp"
#include "shared/config/source/problems.hpp"

namespace bundle::config {

struct SiteFile {
    std::string path;                 // as messages show it
    std::optional<std::string> text;  // what stands in place of the file's content
    std::string folder;               // where relative paths begin
};

// The root table, with "${NAME}" replaced; nothing when a file could not be read or is not TOML.
std::optional<Node> read_site_file(const SiteFile& file,
                                   const std::map<std::string, std::string>& environment,
                                   Problems& problems);

// What the main file includes, as absolute patterns and without links; nothing where it cannot be
// read.
std::vector<std::string> included_by(const SiteFile& file,
                                     const std::map<std::string, std::string>& environment);

}  // namespace bundle::config
