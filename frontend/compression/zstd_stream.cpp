#include "frontend/compression/zstd_stream.hpp"

#include <algorithm>
#include <bit>

#include "shared/base/check.hpp"

namespace bundle {

namespace {

// 256 KiB: what lies further back helps an answer little, and each one under way has as much.
// Clients take up to 8 MiB (RFC 9659).
constexpr int kMostWindowBits = 18;
constexpr int kLeastWindowBits = 12;
constexpr std::size_t kZstdStep = 16U << 10;

ZSTD_EndDirective directive_of(Flush flush) {
    switch (flush) {
        case Flush::None:
            break;
        case Flush::Sync:
            return ZSTD_e_flush;
        case Flush::End:
            return ZSTD_e_end;
    }
    return ZSTD_e_continue;
}

void append_little_endian(std::string& out, std::uint32_t number) {
    for (int byte = 0; byte < 4; ++byte) out.push_back(static_cast<char>(number >> (8 * byte)));
}

void append_skippable_frame(std::string& out, std::uint32_t size) {  // RFC 8878 section 3.1.2
    constexpr std::uint32_t kMagic = 0x184D2A50;
    append_little_endian(out, kMagic);
    append_little_endian(out, size);
    out.append(size, '-');
}

}  // namespace

ZstdStream::ZstdStream() : state_(ZSTD_createCCtx()) { BUNDLE_CHECK(state_ != nullptr); }

void ZstdStream::restart(const BodyCoding& body) {
    ZSTD_CCtx_reset(state_.get(), ZSTD_reset_session_only);
    ZSTD_CCtx_setParameter(state_.get(), ZSTD_c_compressionLevel, static_cast<int>(body.level));
    const int bits =
        body.length == 0 ? kMostWindowBits : static_cast<int>(std::bit_width(body.length));
    ZSTD_CCtx_setParameter(state_.get(), ZSTD_c_windowLog,
                           std::clamp(bits, kLeastWindowBits, kMostWindowBits));
    padding_ = body.padding;
}

void ZstdStream::compress(std::string_view bytes, Flush flush, std::string& out) {
    ZSTD_inBuffer in = {bytes.data(), bytes.size(), 0};
    std::size_t left = 1;
    while (flush == Flush::None ? in.pos < in.size : left > 0) {
        const std::size_t before = out.size();
        out.resize(before + kZstdStep);
        ZSTD_outBuffer ready = {out.data() + before, kZstdStep, 0};
        left = ZSTD_compressStream2(state_.get(), &ready, &in, directive_of(flush));
        BUNDLE_CHECK(ZSTD_isError(left) == 0);
        out.resize(before + ready.pos);
    }
    // Behind the other one: of those clients that know only one frame nobody minds what follows.
    if (flush == Flush::End && padding_ > 0) append_skippable_frame(out, padding_);
}

}  // namespace bundle
