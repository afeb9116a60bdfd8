#include "frontend/compression/brotli_stream.hpp"

#include <algorithm>
#include <cstdint>

#include "shared/base/check.hpp"

namespace bundle {

namespace {

// 256 KiB: what lies further back helps an answer little, and each one under way has as much.
constexpr std::uint32_t kWindowBits = 18;

BrotliEncoderOperation operation_of(Flush flush) {
    switch (flush) {
        case Flush::None:
            break;
        case Flush::Sync:
            return BROTLI_OPERATION_FLUSH;
        case Flush::End:
            return BROTLI_OPERATION_FINISH;
    }
    return BROTLI_OPERATION_PROCESS;
}

}  // namespace

void BrotliStream::restart(const BodyCoding& body) {
    state_.reset(BrotliEncoderCreateInstance(nullptr, nullptr, nullptr));
    BUNDLE_CHECK(state_ != nullptr);
    BrotliEncoderSetParameter(state_.get(), BROTLI_PARAM_QUALITY, body.level);
    BrotliEncoderSetParameter(state_.get(), BROTLI_PARAM_LGWIN, kWindowBits);
    constexpr std::uint64_t kMostHinted = 1U << 30;
    if (body.length > 0)
        BrotliEncoderSetParameter(state_.get(), BROTLI_PARAM_SIZE_HINT,
                                  static_cast<std::uint32_t>(std::min(body.length, kMostHinted)));
    // Of a metadata block of one byte the library writes that it has none (seen in 1.0.9).
    padding_.assign(body.padding == 1 ? 2 : body.padding, '-');
}

void BrotliStream::compress(std::string_view bytes, Flush flush, std::string& out) {
    if (!padding_.empty()) run(BROTLI_OPERATION_EMIT_METADATA, padding_, out);
    padding_.clear();
    run(operation_of(flush), bytes, out);
}

// Until a call takes nothing and gives nothing: only then is what was asked for done.
void BrotliStream::run(BrotliEncoderOperation operation, std::string_view bytes, std::string& out) {
    std::size_t left = bytes.size();
    const auto* next = reinterpret_cast<const std::uint8_t*>(bytes.data());
    for (;;) {
        const bool all_was_given = left == 0;
        std::size_t no_room = 0;
        BUNDLE_CHECK(BrotliEncoderCompressStream(state_.get(), operation, &left, &next, &no_room,
                                                 nullptr, nullptr) == BROTLI_TRUE);
        std::size_t got = 0;
        const auto* const taken = BrotliEncoderTakeOutput(state_.get(), &got);
        out.append(reinterpret_cast<const char*>(taken), got);
        if (all_was_given && got == 0) return;
    }
}

}  // namespace bundle
