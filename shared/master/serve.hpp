// From a valid configuration to a running server, and back.
#pragma once
#include <filesystem>

#include "shared/config/loader.hpp"
#include "shared/master/upgrade/command_line.hpp"

namespace bundle {

// Returns the exit status of `bundle serve`. What keeps it from starting stands on stderr, and in
// the log. `loaded` is what `request` gave; a reload loads it again. The programs of the children
// are looked for from `programs`, which is the folder of `bundle` itself. `words` are those of the
// command line, by which an upgrade goes on.
int serve(const LoadRequest& request, const LoadedConfig& loaded,
          const std::filesystem::path& programs, const CommandLine& words);

}  // namespace bundle
