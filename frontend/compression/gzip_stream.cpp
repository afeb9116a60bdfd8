#include "frontend/compression/gzip_stream.hpp"

#include "shared/base/check.hpp"

namespace bundle {

namespace {

constexpr int kGzipWindow = 15 + 16;  // 32 KiB, with gzip's head and checksum
constexpr int kMemoryLevel = 8;       // zlib's default
constexpr int kUnix = 3;              // in gzip's head, as zlib itself writes it
constexpr std::size_t kGzipStep = 16U << 10;

int flush_of(Flush flush) {
    switch (flush) {
        case Flush::None:
            break;
        case Flush::Sync:
            return Z_SYNC_FLUSH;
        case Flush::End:
            return Z_FINISH;
    }
    return Z_NO_FLUSH;
}

}  // namespace

GzipStream::GzipStream() {
    // It fails for want of memory only, of which one dies here as everywhere.
    BUNDLE_CHECK(deflateInit2(&state_, Z_DEFAULT_COMPRESSION, Z_DEFLATED, kGzipWindow, kMemoryLevel,
                              Z_DEFAULT_STRATEGY) == Z_OK);
}

GzipStream::~GzipStream() { deflateEnd(&state_); }

void GzipStream::restart(const BodyCoding& body) {
    deflateReset(&state_);
    // Nothing was given since: it only notes the level.
    deflateParams(&state_, static_cast<int>(body.level), Z_DEFAULT_STRATEGY);
    name_.assign(body.padding, '-');
    header_ = {};
    header_.os = kUnix;
    header_.name = reinterpret_cast<Bytef*>(name_.data());
    deflateSetHeader(&state_, name_.empty() ? nullptr : &header_);
}

void GzipStream::compress(std::string_view bytes, Flush flush, std::string& out) {
    // zlib only reads through the pointer.
    state_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    state_.avail_in = static_cast<uInt>(bytes.size());
    do {
        const std::size_t before = out.size();
        out.resize(before + kGzipStep);
        state_.next_out = reinterpret_cast<Bytef*>(out.data() + before);
        state_.avail_out = kGzipStep;
        deflate(&state_, flush_of(flush));
        out.resize(before + kGzipStep - state_.avail_out);
    } while (state_.avail_out == 0);
}

}  // namespace bundle
