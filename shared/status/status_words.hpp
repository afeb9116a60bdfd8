// How the status tells lengths, sizes and what clients sent, to people.
#pragma once
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace bundle {

// "3d 4h", "12m 5s", "1.2s": two units at most.
std::string length_text(std::chrono::duration<double> length);
// Of a part of a request, in seconds: "31 ms", "1.2 s".
std::string time_text(double time);
std::string size_text(std::uint64_t bytes);
// What a client sends must not move the cursor of whoever looks.
std::string shown(std::string_view text);

}  // namespace bundle
