// From the tree that the sources made together to a valid Config, by the option rows and the rules.
#pragma once
#include "shared/config/loader.hpp"
#include "shared/config/source/node.hpp"
#include "shared/config/source/problems.hpp"

namespace bundle::config {

// What options become whose default is found out at load time.
struct Surroundings {
    std::string folder;         // of the file
    std::string run_directory;  // the default
    std::uint32_t cores = 1;
};

LoadedConfig interpret(Node root, const Surroundings& surroundings, Problems& problems);

}  // namespace bundle::config
