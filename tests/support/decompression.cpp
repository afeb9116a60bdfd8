#include "tests/support/decompression.hpp"

#include <zlib.h>

#include <cstdint>
#include <stdexcept>
#if BUNDLE_HAS_BROTLI
#include <brotli/decode.h>
#endif
#if BUNDLE_HAS_ZSTD
#include <zstd.h>
#endif

namespace bundle {

namespace {

constexpr std::size_t kMost = 16U << 20;

std::string from_gzip(std::string_view compressed) {
    z_stream state{};
    std::string out(kMost, '\0');
    inflateInit2(&state, 15 + 16);
    state.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(compressed.data()));
    state.avail_in = static_cast<uInt>(compressed.size());
    state.next_out = reinterpret_cast<Bytef*>(out.data());
    state.avail_out = static_cast<uInt>(out.size());
    inflate(&state, Z_SYNC_FLUSH);
    out.resize(out.size() - state.avail_out);
    inflateEnd(&state);
    return out;
}

#if BUNDLE_HAS_BROTLI
std::string from_brotli(std::string_view compressed) {
    BrotliDecoderState* state = BrotliDecoderCreateInstance(nullptr, nullptr, nullptr);
    std::string out(kMost, '\0');
    std::size_t left = compressed.size();
    std::size_t room = out.size();
    const auto* next = reinterpret_cast<const std::uint8_t*>(compressed.data());
    auto* to = reinterpret_cast<std::uint8_t*>(out.data());
    const auto result = BrotliDecoderDecompressStream(state, &left, &next, &room, &to, nullptr);
    BrotliDecoderDestroyInstance(state);
    if (result == BROTLI_DECODER_RESULT_ERROR) throw std::runtime_error("this is no brotli");
    out.resize(out.size() - room);
    return out;
}
#endif

#if BUNDLE_HAS_ZSTD
std::string from_zstd(std::string_view compressed) {
    ZSTD_DCtx* state = ZSTD_createDCtx();
    std::string out(kMost, '\0');
    ZSTD_inBuffer in = {compressed.data(), compressed.size(), 0};
    ZSTD_outBuffer to = {out.data(), out.size(), 0};
    std::size_t result = 0;
    while (in.pos < in.size && ZSTD_isError(result) == 0)
        result = ZSTD_decompressStream(state, &to, &in);
    ZSTD_freeDCtx(state);
    if (ZSTD_isError(result) != 0) throw std::runtime_error(ZSTD_getErrorName(result));
    out.resize(to.pos);
    return out;
}
#endif

}  // namespace

std::string plain(std::string_view compressed, Coding coding) {
#if BUNDLE_HAS_BROTLI
    if (coding == Coding::Brotli) return from_brotli(compressed);
#endif
#if BUNDLE_HAS_ZSTD
    if (coding == Coding::Zstd) return from_zstd(compressed);
#endif
    if (coding != Coding::Gzip) throw std::runtime_error("this coding is not built in");
    return from_gzip(compressed);
}

}  // namespace bundle
