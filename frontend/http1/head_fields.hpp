// What the fields of an HTTP/1 head say about framing and connection (RFC 9112 sections 3.2, 6, 9),
// and the combinations that are refused because two readers could understand them differently.
#pragma once
#include <optional>

#include "frontend/request/request_head.hpp"

namespace bundle::http1 {

// Makes names lower-case and trims values (both in head.bytes, which the views in head.fields point
// into), then sets host, content_length, chunked, keep_alive and expects_continue. head.version is
// known; head.host holds the target's authority, if it had one.
std::optional<Refusal> check_fields(RequestHead& head);

}  // namespace bundle::http1
