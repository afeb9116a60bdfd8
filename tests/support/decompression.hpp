// What a client makes of a compressed body.
#pragma once
#include <string>
#include <string_view>

#include "frontend/compression/content_coding.hpp"

namespace bundle {

// As much of it as can be read by now. `coding` is built in.
std::string plain(std::string_view compressed, Coding coding);

}  // namespace bundle
