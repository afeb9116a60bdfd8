// Status codes and the words that go with them (RFC 9110 section 15 and the IANA registry).
#pragma once
#include <cstdint>
#include <string_view>

namespace bundle {

// "Not Found" for 404; "" for a code that nobody registered: the phrase may be empty on the wire.
std::string_view reason_phrase(std::uint16_t status);

}  // namespace bundle
