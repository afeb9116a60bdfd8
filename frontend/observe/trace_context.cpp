#include "frontend/observe/trace_context.hpp"

#include <algorithm>

namespace bundle {

namespace {

bool is_hex(std::string_view text) {
    return std::ranges::all_of(
        text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool is_zero(std::string_view text) {
    return text.find_first_not_of('0') == std::string_view::npos;
}

}  // namespace

std::string_view trace_id_of(std::string_view traceparent) {
    constexpr std::size_t kSize = 55;  // a later version may have more behind it
    if (traceparent.size() < kSize || traceparent[2] != '-' || traceparent[35] != '-' ||
        traceparent[52] != '-')
        return {};
    const std::string_view version = traceparent.substr(0, 2);
    const std::string_view trace = traceparent.substr(3, 32);
    const std::string_view parent = traceparent.substr(36, 16);
    const std::string_view flags = traceparent.substr(53, 2);
    if (!is_hex(version) || !is_hex(trace) || !is_hex(parent) || !is_hex(flags)) return {};
    if (is_zero(trace) || is_zero(parent) || version == "ff") return {};
    const std::string_view rest = traceparent.substr(kSize);
    if (!rest.empty() && (version == "00" || rest.front() != '-')) return {};
    return trace;
}

}  // namespace bundle
