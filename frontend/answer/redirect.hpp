// An answer that leads the client elsewhere (RFC 9110 section 15.4).
#pragma once
#include <cstdint>
#include <string>

#include "frontend/answer/answer.hpp"

namespace bundle {

// `location` is a URL or the path of one, percent-encoded.
Answer redirect_to(std::uint16_t status, std::string location);

}  // namespace bundle
