// gunicorn's settings into a draft of site.toml.
#pragma once
#include <string>
#include <vector>

#include "shared/base/result.hpp"
#include "shared/import/draft.hpp"
#include "shared/import/gunicorn/command_line.hpp"

namespace bundle::imported {

// Whether a server stood before gunicorn whose file is imported, too: then what gunicorn says of
// clients is moot.
enum class Front : std::uint8_t { None, Imported };

// Where the application listens: "unix:/run/gunicorn.sock", "127.0.0.1:8000".
std::vector<std::string> binds_of(const GunicornSettings& settings);

// `settings` are those of all sources, joined. An error says which application is missing.
Result<void> import_gunicorn(const GunicornCommand& command, const GunicornSettings& settings,
                             Front front, Import& out);

}  // namespace bundle::imported
