// uWSGI's ini file, with those that it names.
#pragma once
#include <functional>
#include <string>
#include <string_view>

#include "shared/base/result.hpp"
#include "shared/import/findings.hpp"
#include "shared/import/ini_file.hpp"

namespace bundle::imported {

using ReadFile = std::function<Result<std::string>(const std::string& path)>;

// Its section [uwsgi]; where it says "ini = FILE", that file's lines stand in place of it. What
// cannot be read is told, an error is about `text` alone.
Result<IniSection> read_uwsgi(std::string_view text, const std::string& file, const ReadFile& read,
                              Findings& findings);

}  // namespace bundle::imported
