// Which Python a virtualenv was made for. An embedded interpreter of another minor version would
// not find its packages, so the master chooses the backend by this, and the backend checks that it
// was chosen well.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "shared/base/result.hpp"

namespace bundle {

struct PythonVersion {
    int major = 0;
    int minor = 0;
    friend bool operator==(const PythonVersion&, const PythonVersion&) = default;
    [[nodiscard]] std::string text() const;  // "3.11"
};

// From the text of a pyvenv.cfg; nothing when it does not say.
std::optional<PythonVersion> version_in_pyvenv(std::string_view pyvenv_cfg);

// From DIRECTORY/pyvenv.cfg.
Result<PythonVersion> version_of_virtualenv(const std::string& directory);

}  // namespace bundle
