// What `paste = "production.ini#main"` names: an ini file of Paste Deploy and the application in
// it.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "shared/config/config.hpp"

namespace bundle::config {

struct PasteName {
    std::string file;     // absolute
    std::string section;  // "main"
};

// Of an app that has one.
PasteName paste_name(const AppConfig& app);

// The names of the applications in an ini file: "main" of [app:main], [pipeline:main] and their
// like.
std::vector<std::string> paste_applications(std::string_view ini);

}  // namespace bundle::config
