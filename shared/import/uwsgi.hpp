// uWSGI's ini file into a draft of site.toml, its common parts.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/result.hpp"
#include "shared/import/draft.hpp"
#include "shared/import/gunicorn/translation.hpp"
#include "shared/import/uwsgi_file.hpp"

namespace bundle::imported {

// Gives where it listens. An error says file and line, or what is missing. `read` is for the files
// that it names.
Result<std::vector<std::string>> import_uwsgi(std::string_view text, const std::string& file,
                                              Front front, Import& out, const ReadFile& read);

}  // namespace bundle::imported
