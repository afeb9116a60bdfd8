#include "frontend/files/file_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "frontend/files/hashed_name.hpp"
#include "frontend/files/mime_types.hpp"
#include "shared/http/media_type.hpp"

namespace bundle {

namespace {

// A larger file is sent as it is unless it has a twin: compressing it would hold up the others.
constexpr std::uint64_t kLargestCompressed = 256U << 10;

// Compressed by what they are; nobody has twins of them.
bool is_dense(std::string_view type) {
    constexpr std::array<std::string_view, 4> kLight = {"image/svg+xml", "image/bmp",
                                                        "image/x-icon", "image/vnd.microsoft.icon"};
    constexpr std::array<std::string_view, 5> kDense = {"font/woff", "font/woff2",
                                                        "application/zip", "application/gzip",
                                                        "application/x-7z-compressed"};
    if (type.starts_with("video/") || type.starts_with("audio/")) return true;
    if (type.starts_with("image/")) return std::ranges::find(kLight, type) == kLight.end();
    return std::ranges::find(kDense, type) != kDense.end();
}

}  // namespace

std::string FileRules::type_of(std::string_view file_name) const {
    if (types.empty()) return std::string(mime_type_of(file_name));
    const auto found = types.find(lower_ending_of(file_name));
    if (found == types.end()) return std::string(mime_type_of(file_name));
    return with_charset(found->second);
}

std::string FileRules::cache_control_of(std::string_view file_name) const {
    if (files.immutable && is_hashed_name(file_name)) return "public, max-age=31536000, immutable";
    if (!files.cache_control.empty()) return files.cache_control;
    if (files.expires > milliseconds::zero())
        return fmt::format("max-age={}",
                           std::chrono::duration_cast<seconds>(files.expires).count());
    // A file beside those with a hash, which nobody said anything of: seldom asked for, soon new.
    return files.immutable ? "max-age=60" : "";
}

bool FileRules::has_codings(std::string_view type) const {
    if (compression.on && is_listed_type(compression.types, type)) return true;
    return files.precompressed && !is_dense(without_parameters(type));
}

bool FileRules::is_compressed(std::string_view type, std::uint64_t size) const {
    return compression.on && size >= compression.min_size.count && size <= kLargestCompressed &&
           is_listed_type(compression.types, type);
}

}  // namespace bundle
