// Any bytes into a session, whole or split, make the same requests with the same bodies, or the
// same refusals; every request is told to end at most once; and what is written consists of frames.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "shared/base/check.hpp"
#include "tests/support/recorded_session.hpp"

namespace bundle {

namespace {

constexpr std::size_t kFrameHead = 9;
constexpr std::string_view kPreface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

void check_frames(std::string_view out) {
    while (!out.empty()) {
        BUNDLE_CHECK(out.size() >= kFrameHead);
        const auto byte = [&](std::size_t at) {
            return std::size_t{static_cast<unsigned char>(out[at])};
        };
        const std::size_t length = byte(0) << 16U | byte(1) << 8U | byte(2);
        BUNDLE_CHECK(length <= 16384 && out.size() >= kFrameHead + length);
        out.remove_prefix(kFrameHead + length);
    }
}

std::string outcome(std::string_view bytes, std::size_t part) {
    RecordedSession recorded("some body");
    recorded.read(bytes, part);
    recorded.write();
    check_frames(recorded.out);
    std::string told;
    for (const auto& stream : recorded.streams) {
        BUNDLE_CHECK(!stream->has_head || !stream->refusal);
        if (stream->has_head) BUNDLE_CHECK(stream->request.version == HttpVersion::Http2);
        told += std::to_string(stream->id) + ' ' + stream->request.bytes + ' ' + stream->body +
                ' ' + std::to_string(stream->refusal.value_or(0)) +
                (stream->closed ? "closed" : "open");
    }
    return told + std::to_string(recorded.out.size()) + (recorded.session.is_over() ? "over" : "");
}

}  // namespace

}  // namespace bundle

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace bundle;
    // Behind the preface, which would take too long to find.
    const std::string bytes =
        std::string(kPreface) + std::string(reinterpret_cast<const char*>(data), size);

    const std::string whole = outcome(bytes, bytes.size());

    BUNDLE_CHECK(outcome(bytes, bytes.size() / 2 + 1) == whole);
    BUNDLE_CHECK(outcome(bytes, 7) == whole);
    return 0;
}
