// Any bytes, whole or split anywhere, give the same requests and the same end: complete, incomplete
// or refused. What RequestParser accepts, a second reading of the RFC accepts with the same body
// and end; what it refuses and the reference accepts is refused for a reason that we have on
// purpose.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "shared/base/check.hpp"
#include "tests/support/reference_request.hpp"
#include "tests/support/request_outcome.hpp"

namespace bundle::http1 {

namespace {

constexpr HeadLimits kTightLimits{
    .max_request_line = {32}, .max_headers = 4, .max_header_size = {24}, .max_head_size = {80}};

void check_splits(std::string_view bytes, const HeadLimits& limits) {
    const auto whole = heard_in_parts(bytes, bytes.size(), limits);
    BUNDLE_CHECK(heard_in_parts(bytes, 1, limits) == whole);
    BUNDLE_CHECK(heard_in_parts(bytes, 3, limits) == whole);
    const std::size_t half = bytes.size() / 2 + 1;
    BUNDLE_CHECK(heard_in_parts(bytes, half, limits) == whole);
}

// Rules of ours on top of the grammar. (Limits and methods have statuses of their own.)
bool is_own_rule(std::string_view reason) {
    constexpr std::string_view kOwnRules[] = {
        "malformed Host",
        "Host differs from the target's authority",
        "request target with a malformed authority",
        "bad percent-encoding in the path",
        "NUL in the path",
        "path above the root",
        "field that may come once came twice",
        "too many options in Connection",
    };
    return std::find(std::begin(kOwnRules), std::end(kOwnRules), reason) != std::end(kOwnRules);
}

// llhttp takes no tab behind these values, which the RFC allows and nobody sends.
bool has_tab_behind_framing_field(std::string_view bytes) {
    return bytes.find('\t') != std::string_view::npos;
}

void check_refusal(const HeardConnection& heard, std::string_view rest) {
    if (heard.status != 400 || is_own_rule(heard.reason)) return;
    const auto reference = reference_request(rest);
    BUNDLE_CHECK(reference.verdict != ReferenceVerdict::Accepted || reference.is_unusual ||
                 has_tab_behind_framing_field(rest));
}

void check_against_reference(std::string_view bytes) {
    const auto heard = heard_in_parts(bytes, bytes.size());
    std::size_t begin = 0;
    for (const HeardRequest& request : heard.requests) {
        const auto reference = reference_request(bytes.substr(begin));
        BUNDLE_CHECK(reference.verdict == ReferenceVerdict::Accepted);
        BUNDLE_CHECK(reference.method == request.method);
        BUNDLE_CHECK(reference.body == request.body);
        BUNDLE_CHECK(begin + reference.end == request.end);
        begin = request.end;
    }
    const auto rest = bytes.substr(begin);
    if (heard.status != 0) return check_refusal(heard, rest);
    BUNDLE_CHECK(reference_request(rest).verdict != ReferenceVerdict::Accepted);
}

}  // namespace

}  // namespace bundle::http1

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace bundle::http1;
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);

    check_splits(bytes, kTestLimits);
    check_splits(bytes, kTightLimits);
    check_against_reference(bytes);
    return 0;
}
