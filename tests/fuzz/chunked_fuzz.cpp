// Any bytes, whole or split anywhere, give the same chunked body and the same end: complete,
// incomplete or refused. What ChunkedBody takes to its end, a second reading of the RFC takes with
// the same data and the same end; what it refuses, the reference refuses, but for extensions and
// trailers, and lines of a length that nobody sends.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "frontend/http1/chunked_body.hpp"
#include "shared/base/check.hpp"
#include "tests/support/reference_request.hpp"

namespace bundle::http1 {

namespace {

using Outcome = ChunkedBody::Outcome;

struct Decoded {
    Outcome outcome = Outcome::NeedMore;
    std::string body;
    std::size_t end = 0;  // where the body ended, when it is done

    // What was decoded before a refusal is nobody's.
    friend bool operator==(const Decoded& a, const Decoded& b) {
        return a.outcome == b.outcome && a.end == b.end &&
               (a.outcome == Outcome::Refused || a.body == b.body);
    }
};

Decoded decoded_in_parts(std::string_view bytes, std::size_t step) {
    ChunkedBody body;
    body.start();
    Decoded decoded;
    std::vector<std::string_view> pieces;
    for (std::size_t fed = 0; fed < bytes.size() && decoded.outcome == Outcome::NeedMore;) {
        std::string_view part = bytes.substr(fed, step);
        fed += part.size();
        pieces.clear();
        decoded.outcome = body.read(part, pieces);
        for (const auto piece : pieces) decoded.body += piece;
        if (decoded.outcome == Outcome::NeedMore) BUNDLE_CHECK(part.empty());
        if (decoded.outcome == Outcome::Done) decoded.end = fed - part.size();
        if (decoded.outcome == Outcome::Refused) BUNDLE_CHECK(body.refusal().status >= 400);
    }
    return decoded;
}

void check_against_reference(std::string_view bytes, const Decoded& decoded) {
    constexpr std::size_t kShorterThanAnyLimit = 4096;
    const auto reference = reference_chunked_body(bytes);
    const bool accepted = reference.verdict == ReferenceVerdict::Accepted;
    if (decoded.outcome == Outcome::Done) {
        BUNDLE_CHECK(accepted);
        BUNDLE_CHECK(reference.body == decoded.body);
        BUNDLE_CHECK(reference.end == decoded.end);
    } else if (accepted) {
        BUNDLE_CHECK(decoded.outcome == Outcome::Refused);
        BUNDLE_CHECK(reference.is_unusual || bytes.size() > kShorterThanAnyLimit);
    }
}

}  // namespace

}  // namespace bundle::http1

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace bundle::http1;
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);

    const auto whole = decoded_in_parts(bytes, std::max<std::size_t>(size, 1));

    for (const std::size_t step : {std::size_t{1}, std::size_t{3}, size / 2 + 1})
        BUNDLE_CHECK(decoded_in_parts(bytes, step) == whole);
    check_against_reference(bytes, whole);
    return 0;
}
