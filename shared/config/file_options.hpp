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

inline constexpr std::array<std::string_view, 3> kCodingNames = {"br", "zstd", "gzip"};

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
           "Whether answers are compressed for clients that take it, by what compression names. "
           "Files are compressed once, up to 256K; of larger ones have a .gz beside them."),
    option("compression", &CompressionConfig::codings,
           Inherited(LineList(kCodingNames, check_coding),
                     "that of the site, or all that bundle was built with, in this order: \"br\", "
                     "\"zstd\", \"gzip\""),
           "What answers are compressed by; what stands in front is taken when a client likes "
           "several as much (Accept-Encoding). A .br, .zst or .gz beside a file comes before all "
           "of them."),
    option("gzip_types", &CompressionConfig::types,
           Inherited(LineList(kGzipTypes, check_media_type),
                     "those of the site, or text, scripts, "
                     "JSON, XML, SVG, wasm and ttf"),
           "Content types that are compressed: \"application/json\", \"text/*\"."),
    option("gzip_min_size", &CompressionConfig::min_size,
           Inherited(Size(1_KiB, {0_B, 1_GiB}), "that of the site, or 1K"),
           "What is known to be smaller is sent as it is."),
    option("gzip_level", &CompressionConfig::gzip_level,
           Inherited(Count(5, {1, 9}), "that of the site, or 5"), "1 is fast, 9 is small."),
    option("brotli_level", &CompressionConfig::brotli_level,
           Inherited(Count(4, {0, 9}), "that of the site, or 4"),
           "0 is fast, 9 is small; what is slower yet is for a .br beside the file."),
    option("zstd_level", &CompressionConfig::zstd_level,
           Inherited(Count(3, {1, 12}), "that of the site, or 3"), "1 is fast, 12 is small."),
    option("compression_padding", &CompressionConfig::padding,
           Inherited(SizeOrOff(SizeOrOff::kOff, {1_B, 4_KiB}), "that of the site, or \"off\""),
           "Up to so many bytes that mean nothing, a random number each time, with each compressed "
           "answer of an app, so that its length tells less of a secret in it that stands beside "
           "what somebody else wrote (BREACH). They are the file name of gzip, a metadata block of "
           "brotli, a skippable frame behind that of zstd."),
};

}  // namespace bundle::config
