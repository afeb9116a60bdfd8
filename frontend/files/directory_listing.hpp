// What lies in a folder, as far as clients could ask for it.
#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "frontend/files/file_root.hpp"

namespace bundle {

struct DirectoryListing {
    struct Entry {
        std::string name;  // any bytes but "/" and NUL
        bool is_directory = false;
        std::uint64_t size = 0;  // of a file
        std::chrono::sys_seconds modified{};
    };
    std::vector<Entry> entries;  // directories first, then by name
    bool is_cut = false;         // there is more than is shown
};

// `directory` is a Listing that `root` has found. Nothing when it cannot be read. At most 1,000
// entries, so that nobody can hold up the others with a folder of a million.
std::optional<DirectoryListing> list_directory(const FileRoot& root, FoundFile directory);

}  // namespace bundle
