// What kind of text a client wants to read (RFC 9110 section 12.5.1).
#pragma once
#include <cstdint>
#include <string_view>

namespace bundle {

enum class TextKind : std::uint8_t { Html, Json, Plain };

// The kind that the Accept field asks for most: the greatest weight; then the one that it names
// over one that only "*/*" lets in ("application/json, */*" of a script is a wish for JSON, the
// "*/*" of curl is none); then HTML, JSON, text. Everything is welcome where the field is empty;
// text, where it takes none of the three.
TextKind preferred_text_kind(std::string_view accept);

}  // namespace bundle
