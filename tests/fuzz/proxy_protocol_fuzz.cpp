// Any bytes, whole or split anywhere, give the same: more is needed, a complaint, or a header and
// the same bytes behind it. A preface is never longer than 4096 bytes, and the address that it
// names is one that version 1 can name again.
#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "frontend/client/proxy_protocol.hpp"
#include "shared/base/check.hpp"

namespace bundle {

namespace {

using Outcome = ProxyProtocol::Outcome;

struct Heard {
    Outcome outcome = Outcome::NeedMore;
    ProxyHeader header;
    std::string_view complaint;
    std::size_t left = 0;
    bool operator==(const Heard&) const = default;
};

Heard heard_in_parts(std::string_view bytes, std::size_t size) {
    ProxyProtocol protocol;
    Heard heard;
    while (!bytes.empty() && heard.outcome == Outcome::NeedMore) {
        std::string_view part = bytes.substr(0, size);
        const std::size_t given = part.size();
        heard.outcome = protocol.read(part);
        BUNDLE_CHECK(heard.outcome != Outcome::NeedMore || part.empty());
        bytes.remove_prefix(given - part.size());
    }
    if (heard.outcome != Outcome::Done) return {heard.outcome, {}, protocol.complaint(), 0};
    return {heard.outcome, protocol.header(), {}, bytes.size()};
}

void check_named(const ProxyHeader& header) {
    const IpText text = header.address.text();
    const bool is_ipv4 = header.address.family == IpAddress::Family::V4;
    const std::string line = fmt::format("PROXY TCP{} {} {} {} 1\r\n", is_ipv4 ? 4 : 6, text.view(),
                                         is_ipv4 ? "127.0.0.1" : "::1", header.port);
    const Heard again = heard_in_parts(line, line.size());
    BUNDLE_CHECK(again.outcome == Outcome::Done && again.header == header);
}

}  // namespace

}  // namespace bundle

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace bundle;
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);

    const Heard whole = heard_in_parts(bytes, size + 1);

    BUNDLE_CHECK(heard_in_parts(bytes, 1) == whole);
    BUNDLE_CHECK(heard_in_parts(bytes, 7) == whole);
    BUNDLE_CHECK(heard_in_parts(bytes, size / 2 + 1) == whole);
    if (whole.outcome == Outcome::NeedMore) BUNDLE_CHECK(size < 4096);
    if (whole.outcome == Outcome::Malformed) BUNDLE_CHECK(!whole.complaint.empty());
    if (whole.outcome != Outcome::Done) return 0;
    BUNDLE_CHECK(size - whole.left <= 4096);
    if (whole.header.source == ProxyHeader::Source::Named) check_named(whole.header);
    return 0;
}
