#include "frontend/compression/compression_pool.hpp"

#include <random>
#include <utility>

#include "frontend/compression/gzip_stream.hpp"
#include "shared/base/check.hpp"
#if BUNDLE_HAS_BROTLI
#include "frontend/compression/brotli_stream.hpp"
#endif
#if BUNDLE_HAS_ZSTD
#include "frontend/compression/zstd_stream.hpp"
#endif

namespace bundle {

namespace {

constexpr std::size_t kMostUnused = 8;

std::unique_ptr<CompressionStream> new_stream(Coding coding) {
    switch (coding) {
        case Coding::Brotli:
#if BUNDLE_HAS_BROTLI
            return std::make_unique<BrotliStream>();
#else
            break;
#endif
        case Coding::Zstd:
#if BUNDLE_HAS_ZSTD
            return std::make_unique<ZstdStream>();
#else
            break;
#endif
        case Coding::Gzip:
            return std::make_unique<GzipStream>();
    }
    BUNDLE_CHECK(is_built_in(coding));
    return nullptr;
}

}  // namespace

std::unique_ptr<CompressionStream> CompressionPool::take(Coding coding, const BodyCoding& body) {
    auto& unused = unused_.at(index_of(coding));
    std::unique_ptr<CompressionStream> stream;
    if (unused.empty()) {
        stream = new_stream(coding);
    } else {
        stream = std::move(unused.back());
        unused.pop_back();
    }
    stream->begin(body);
    return stream;
}

void CompressionPool::give_back(std::unique_ptr<CompressionStream> stream) {
    if (!stream || !stream->is_worth_keeping()) return;
    auto& unused = unused_.at(index_of(stream->coding()));
    if (unused.size() < kMostUnused) unused.push_back(std::move(stream));
}

std::uint32_t level_of(Coding coding, const CompressionConfig& rules) {
    switch (coding) {
        case Coding::Brotli:
            return rules.brotli_level;
        case Coding::Zstd:
            return rules.zstd_level;
        case Coding::Gzip:
            break;
    }
    return rules.gzip_level;
}

std::uint32_t random_padding(const CompressionConfig& rules) {
    if (rules.padding.count == 0) return 0;
    std::random_device chance;
    const auto most = static_cast<std::uint32_t>(rules.padding.count);
    return std::uniform_int_distribution<std::uint32_t>(0, most)(chance);
}

std::string compressed(std::string_view bytes, Coding coding, std::uint32_t level) {
    std::string out;
    const auto stream = new_stream(coding);
    stream->begin({.level = level, .length = bytes.size()});
    stream->add(bytes, Flush::End, out);
    return out;
}

}  // namespace bundle
