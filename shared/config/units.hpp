// Durations, sizes and modes as people write them: "250ms", "30d", "64K", "0660".
//
// An error's message ends a sentence that begins with the text: `it must be a duration such as
// "15s"`.
#pragma once
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "shared/base/bytes.hpp"
#include "shared/base/result.hpp"

namespace bundle::config {

// A whole number and ms, s, m, h or d.
Result<std::chrono::milliseconds> parse_duration(std::string_view text);
// In the largest unit that says it exactly.
std::string print_duration(std::chrono::milliseconds duration);

// A whole number of bytes, or one with K, M, G or T (of 1024), or "unlimited".
Result<Bytes> parse_size(std::string_view text);
std::string print_size(Bytes size);

// Octal digits, at most 7777.
Result<std::uint32_t> parse_mode(std::string_view text);
std::string print_mode(std::uint32_t mode);

}  // namespace bundle::config
