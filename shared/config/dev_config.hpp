// What [dev] says. A part of config.hpp.
#pragma once
#include <string>
#include <vector>

namespace bundle {

struct DevConfig {
    bool reload = false;
    std::vector<std::string> watch;  // patterns of absolute paths, besides what is watched anyway
    bool tracebacks = false;
    bool operator==(const DevConfig&) const = default;
};

}  // namespace bundle
