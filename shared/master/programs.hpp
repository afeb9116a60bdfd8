// The executables that the master starts: bundle-front and, for each Python, a bundle-backend-X.Y.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "shared/base/result.hpp"
#include "shared/base/virtualenv.hpp"
#include "shared/config/config.hpp"

namespace bundle {

struct Backend {
    PythonVersion python;
    std::filesystem::path path;
};

struct Programs {
    std::filesystem::path front;
    std::vector<Backend> backends;  // newest Python first, at least one
};

// Beside `folder`'s own bundle (the build tree), or in ../libexec/bundle (installed).
Result<Programs> find_programs(const std::filesystem::path& folder);

// Of the running executable.
std::filesystem::path own_folder();

// The one that fits the application's virtualenv; without a virtualenv the newest.
Result<Backend> backend_for(const AppConfig& app, const Programs& programs);

}  // namespace bundle
