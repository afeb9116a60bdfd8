// The fuzz targets, for a program that replays what is kept of them.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace bundle {

struct FuzzTarget {
    std::string_view name;
    int (*run)(const std::uint8_t* bytes, std::size_t size);  // ends the process when it is broken
};

// All of CMakeLists.txt.
std::span<const FuzzTarget> fuzz_targets();

}  // namespace bundle
