// A command line taken apart as a shell does, as far as quotes go.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/result.hpp"

namespace bundle::imported {

// Words between white space, with '...', "..." and backslashes; the rest of a shell's language is
// not for a unit's ExecStart either. An error says which quote has no end.
Result<std::vector<std::string>> shell_words(std::string_view text);

}  // namespace bundle::imported
