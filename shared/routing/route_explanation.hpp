// Which site and route a URL meets, what answers it and why, for people: `bundle config --route`.
#pragma once
#include <string>
#include <string_view>

#include "shared/base/result.hpp"
#include "shared/config/loader.hpp"

namespace bundle {

// Lines of text. It is asked of the same tables as the front asks, but not of the disk: whether
// there is a file is not known. An error tells what is wrong with the URL.
Result<std::string> explain_route(const LoadedConfig& loaded, std::string_view url);

}  // namespace bundle
