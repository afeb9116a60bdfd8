// Any bytes into a session, whole or split, make the same requests with the same bodies, or the
// same refusals; every request is told to end at most once; and what is written consists of frames.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/check.hpp"
#include "tests/support/recorded_session.hpp"

namespace bundle {

namespace {

constexpr std::size_t kFrameHead = 9;
constexpr std::string_view kPreface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

// Calls `each(type)` for every frame that is whole; what is left of the bytes.
template <typename Each>
std::string_view walk_frames(std::string_view bytes, const Each& each) {
    while (bytes.size() >= kFrameHead) {
        const auto byte = [&](std::size_t at) {
            return std::size_t{static_cast<unsigned char>(bytes[at])};
        };
        const std::size_t length = byte(0) << 16U | byte(1) << 8U | byte(2);
        if (bytes.size() < kFrameHead + length) break;
        each(byte(3), length);
        bytes.remove_prefix(kFrameHead + length);
    }
    return bytes;
}

// Behind a GOAWAY of the client nghttp2 takes what was read together with it, and no more.
bool has_goaway(std::string_view bytes) {
    constexpr std::size_t kGoAway = 7;
    bool found = false;
    walk_frames(bytes, [&](std::size_t type, std::size_t) { found |= type == kGoAway; });
    return found;
}

struct Outcome {
    std::vector<std::string> heads;
    std::vector<std::string> bodies;  // and what became of each
    std::size_t written = 0;
    bool over = false;
    bool operator==(const Outcome&) const = default;
};

Outcome outcome(std::string_view bytes, std::size_t part) {
    RecordedSession recorded("some body");
    recorded.read(bytes, part);
    recorded.write();
    BUNDLE_CHECK(walk_frames(recorded.out, [](std::size_t, std::size_t length) {
                     BUNDLE_CHECK(length <= 16384);
                 }).empty());
    Outcome told;
    for (const auto& stream : recorded.streams) {
        BUNDLE_CHECK(!stream->has_head || !stream->refusal);
        if (stream->has_head) BUNDLE_CHECK(stream->request.version == HttpVersion::Http2);
        told.heads.push_back(std::to_string(stream->id) + ' ' + stream->request.bytes);
        // Of a body that breaks its Content-Length as much is told as came in parts before that.
        const bool body_counts = !stream->faulty && !recorded.session.is_over();
        told.bodies.push_back((body_counts ? stream->body : "") + ' ' +
                              std::to_string(stream->refusal.value_or(0)) +
                              (stream->closed ? " closed" : " open"));
    }
    told.written = recorded.out.size();
    told.over = recorded.session.is_over();
    return told;
}

}  // namespace

}  // namespace bundle

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace bundle;
    // Behind the preface, which would take too long to find.
    const std::string bytes =
        std::string(kPreface) + std::string(reinterpret_cast<const char*>(data), size);

    const Outcome whole = outcome(bytes, bytes.size());

    const Outcome halves = outcome(bytes, bytes.size() / 2 + 1);
    const Outcome sevens = outcome(bytes, 7);
    if (!has_goaway(std::string_view(bytes).substr(kPreface.size())))
        BUNDLE_CHECK(halves == whole && sevens == whole);
    return 0;
}
