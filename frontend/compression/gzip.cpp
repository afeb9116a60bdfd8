#include "frontend/compression/gzip.hpp"

#include <utility>

#include "shared/base/check.hpp"

namespace bundle {

namespace {

constexpr int kGzipWindow = 15 + 16;  // 32 KiB, with gzip's head and checksum
constexpr int kMemoryLevel = 8;       // zlib's default
constexpr std::size_t kStep = 16U << 10;
constexpr std::size_t kMostUnused = 8;

int flush_of(GzipFlush flush) {
    switch (flush) {
        case GzipFlush::None:
            break;
        case GzipFlush::Sync:
            return Z_SYNC_FLUSH;
        case GzipFlush::End:
            return Z_FINISH;
    }
    return Z_NO_FLUSH;
}

}  // namespace

GzipStream::GzipStream(std::uint32_t level) {
    // It fails for want of memory only, of which one dies here as everywhere.
    BUNDLE_CHECK(deflateInit2(&state_, static_cast<int>(level), Z_DEFLATED, kGzipWindow,
                              kMemoryLevel, Z_DEFAULT_STRATEGY) == Z_OK);
}

GzipStream::~GzipStream() { deflateEnd(&state_); }

void GzipStream::restart(std::uint32_t level) {
    deflateReset(&state_);
    // Nothing was given since: it only notes the level.
    deflateParams(&state_, static_cast<int>(level), Z_DEFAULT_STRATEGY);
    holds_back_ = false;
}

void GzipStream::add(std::string_view bytes, GzipFlush flush, std::string& out) {
    // zlib only reads through the pointer.
    state_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    state_.avail_in = static_cast<uInt>(bytes.size());
    do {
        const std::size_t before = out.size();
        out.resize(before + kStep);
        state_.next_out = reinterpret_cast<Bytef*>(out.data() + before);
        state_.avail_out = kStep;
        deflate(&state_, flush_of(flush));
        out.resize(before + kStep - state_.avail_out);
    } while (state_.avail_out == 0);
    holds_back_ = flush == GzipFlush::None && (holds_back_ || !bytes.empty());
}

std::unique_ptr<GzipStream> GzipPool::take(std::uint32_t level) {
    if (unused_.empty()) return std::make_unique<GzipStream>(level);
    auto stream = std::move(unused_.back());
    unused_.pop_back();
    stream->restart(level);
    return stream;
}

void GzipPool::give_back(std::unique_ptr<GzipStream> stream) {
    if (stream && unused_.size() < kMostUnused) unused_.push_back(std::move(stream));
}

std::string gzipped(std::string_view bytes, std::uint32_t level) {
    std::string out;
    GzipStream(level).add(bytes, GzipFlush::End, out);
    return out;
}

}  // namespace bundle
