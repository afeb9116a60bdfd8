// The trace that a request belongs to, by the field traceparent (W3C Trace Context). It is passed
// on to the application as it came, and only read here. We begin no trace where none came: whether
// it is sampled is the application's to say, and it would take our word for it.
#pragma once
#include <string_view>

namespace bundle {

// The 32 hex digits of "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"; "" when the value
// is malformed.
std::string_view trace_id_of(std::string_view traceparent);

}  // namespace bundle
