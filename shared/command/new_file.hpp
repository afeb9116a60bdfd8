// A file that a command writes for people, who may have written one there before: that stays.
#pragma once
#include <filesystem>
#include <string>

#include "shared/base/result.hpp"

namespace bundle {

// Why a site.toml is not written over.
std::string stays(const std::filesystem::path& file);

Result<void> write_new(const std::filesystem::path& path, const std::string& text);

}  // namespace bundle
