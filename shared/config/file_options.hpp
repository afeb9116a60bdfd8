// The options of files and of compression, which a [[site]] and a [[site.route]] have in common. A
// part of options.hpp.
#pragma once
#include <array>
#include <chrono>
#include <string_view>
#include <tuple>

#include "shared/config/config.hpp"
#include "shared/config/option/inherited.hpp"
#include "shared/config/option/option.hpp"
#include "shared/config/option/text_checks.hpp"

namespace bundle::config {

using namespace std::chrono_literals;

inline constexpr std::array<std::string_view, 3> kListingWords = {"false", "true", "json"};
inline constexpr std::array<std::string_view, 3> kSymlinkWords = {"beneath", "deny", "follow"};
// What is text, or compresses as well as text. Fonts of the web are compressed already.
inline constexpr std::array<std::string_view, 14> kGzipTypes = {"text/*",
                                                                "application/javascript",
                                                                "application/json",
                                                                "application/ld+json",
                                                                "application/manifest+json",
                                                                "application/problem+json",
                                                                "application/xml",
                                                                "application/xhtml+xml",
                                                                "application/rss+xml",
                                                                "application/atom+xml",
                                                                "application/wasm",
                                                                "image/svg+xml",
                                                                "image/x-icon",
                                                                "font/ttf"};

inline constexpr std::tuple kFilesOptions{
    option("immutable", &FilesConfig::immutable,
           Inherited(Flag(false), "that of the site, or false"),
           "Whether a file whose name holds a hash (site.55e7cbb9ba48.css, index-DiwrgTda.js) is "
           "never asked for again: Cache-Control says a year and immutable. Others, unless "
           "cache_control or expires say more, get a minute."),
    option("cache_control", &FilesConfig::cache_control,
           Inherited(Line({.empty = "none"}), "that of the site, or none"),
           "Cache-Control of files, such as \"no-cache\"."),
    option("expires", &FilesConfig::expires,
           Inherited(DurationOr({}, {1s, 24h * 3650}), "that of the site, or \"off\""),
           "The same as a length: Cache-Control says max-age. Where there is cache_control, that "
           "counts."),
    option("precompressed", &FilesConfig::precompressed,
           Inherited(Flag(true), "that of the site, or true"),
           "Whether a client that takes it is sent site.css.br, site.css.zst or site.css.gz for "
           "site.css, where such a file stands beside it and is not older."),
    option("listing", &FilesConfig::listing,
           Inherited(Word(Listing::Off, kListingWords), "that of the site, or false"),
           "A folder without an index file shows what it holds: as a page, or as \"json\"."),
    option("max_ranges", &FilesConfig::max_ranges,
           Inherited(Count(16, {1, 1000}), "that of the site, or 16"),
           "A request for more parts of a file than this is answered with the whole."),
    option("symlinks", &FilesConfig::symlinks,
           Inherited(Word(Symlinks::Beneath, kSymlinkWords), "that of the site, or \"beneath\""),
           "Symbolic links lead to a file unless they leave the folder; or they are not found at "
           "all; or they lead anywhere (\"follow\")."),
    option("dotfiles", &FilesConfig::dotfiles, Inherited(Flag(false), "that of the site, or false"),
           "Whether names that begin with a dot are found; .well-known always is."),
};

inline constexpr std::tuple kCompressionOptions{
    option("gzip", &CompressionConfig::on, Inherited(Flag(true), "that of the site, or true"),
           "Whether answers are compressed for clients that take it. Files are compressed once, up "
           "to 256K; of larger ones have a .gz beside them."),
    option("gzip_types", &CompressionConfig::types,
           Inherited(LineList(kGzipTypes, check_media_type),
                     "those of the site, or text, scripts, "
                     "JSON, XML, SVG, wasm and ttf"),
           "Content types that are compressed: \"application/json\", \"text/*\"."),
    option("gzip_min_size", &CompressionConfig::min_size,
           Inherited(Size(1_KiB, {0_B, 1_GiB}), "that of the site, or 1K"),
           "What is known to be smaller is sent as it is."),
    option("gzip_level", &CompressionConfig::level,
           Inherited(Count(5, {1, 9}), "that of the site, or 5"), "1 is fast, 9 is small."),
};

}  // namespace bundle::config
