// From a valid configuration to a running server, and back.
#pragma once
#include <filesystem>
#include <string>

#include "shared/config/loader.hpp"

namespace bundle {

// Returns the exit status of `bundle serve`. What keeps it from starting stands on stderr, and in
// the log. `conf_path` is for people. The programs of the children are looked for from
// `programs_folder`, which is the folder of `bundle` itself.
int serve(const LoadedConfig& loaded, const std::string& conf_path,
          const std::filesystem::path& programs_folder);

}  // namespace bundle
