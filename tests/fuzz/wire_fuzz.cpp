// Any bytes, whole or split, give frames or an error, nothing else; what decodes encodes to the
// same bytes again.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/check.hpp"
#include "tests/support/wire_message.hpp"

namespace bundle::wire {

namespace {

struct Heard {
    std::vector<std::string> frames;
    std::string left;
    bool refused = false;

    friend bool operator==(const Heard&, const Heard&) = default;
};

// As a connection reads: what came in pieces of that size, frame after frame, until one is
// impossible.
Heard heard_in_pieces(std::string_view bytes, std::size_t piece) {
    Heard heard;
    while (!bytes.empty() && !heard.refused) {
        heard.left += bytes.substr(0, piece);
        bytes.remove_prefix(std::min(piece, bytes.size()));
        std::string_view left = heard.left;
        auto frame = take_frame(left);
        for (; frame && *frame; frame = take_frame(left)) {
            const std::size_t whole = kHeaderSize + (*frame)->payload.size();
            heard.frames.emplace_back((*frame)->payload.data() - kHeaderSize, whole);
        }
        heard.refused = !frame;
        heard.left.erase(0, heard.left.size() - left.size());
    }
    // What stands behind an impossible frame is never read.
    if (heard.refused) heard.left.clear();
    return heard;
}

void check_round_trip(const std::string& bytes) {
    std::string_view left = bytes;
    const auto frame = take_frame(left);
    BUNDLE_CHECK(frame && *frame && left.empty());
    BUNDLE_CHECK(frame_size(bytes) == bytes.size());
    const auto message = decode_any(**frame);
    if (message) BUNDLE_CHECK(encode_any({(*frame)->header.stream, *message}) == bytes);
}

}  // namespace

}  // namespace bundle::wire

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace bundle::wire;
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);

    const Heard whole = heard_in_pieces(bytes, bytes.size());

    BUNDLE_CHECK(heard_in_pieces(bytes, 1) == whole);
    BUNDLE_CHECK(heard_in_pieces(bytes, 7) == whole);
    for (const std::string& frame : whole.frames) check_round_trip(frame);
    return 0;
}
