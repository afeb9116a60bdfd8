// Any bytes into a server's session, whole or split, give the same: alerts and handshake records,
// or a fault with a reason, and never plaintext, which takes keys. A fault is the end.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "frontend/tls/tls_session.hpp"
#include "shared/base/check.hpp"
#include "tests/support/made_certificate.hpp"

namespace bundle {

namespace {

using Then = TlsSession::Then;

struct Heard {
    Then then = Then::More;
    TlsFault::Kind fault = TlsFault::Kind::None;
    std::size_t records = 0;
    bool operator==(const Heard&) const = default;
};

const std::shared_ptr<const TlsContext>& context() {
    static TicketKeys keys;
    static const auto made = [] {
        const MadeCertificate pair = make_certificate({.names = {"test.example"}});
        Credentials credentials;
        credentials.certificates.push_back({"made", pair.certificate, pair.key});
        return *TlsContext::create(Config(), credentials, keys);
    }();
    return made;
}

// What is said consists of records: type, version, length. OpenSSL's alert about a version that
// there is not has that version itself.
std::size_t count_records(std::string_view out) {
    std::size_t count = 0;
    for (; !out.empty(); ++count) {
        BUNDLE_CHECK(out.size() >= 5 && out[0] >= 20 && out[0] <= 23);
        const auto length = static_cast<std::size_t>(static_cast<unsigned char>(out[3])) << 8 |
                            static_cast<unsigned char>(out[4]);
        BUNDLE_CHECK(out.size() >= 5 + length);
        out.remove_prefix(5 + length);
    }
    return count;
}

Heard heard_in_parts(std::string_view bytes, std::size_t size) {
    static const std::string protocols = "\x08http/1.1";
    TlsBuffers buffers;
    TlsSession session(context(), buffers, protocols);
    Heard heard;
    while (!bytes.empty() && heard.then == Then::More) {
        const std::string_view part = bytes.substr(0, size);
        const TlsSession::Input input = session.read(part);
        bytes.remove_prefix(part.size());
        BUNDLE_CHECK(input.plain.empty() && !input.secured);
        heard.then = input.then;
        heard.records += count_records(buffers.out);
        buffers.out.clear();
    }
    heard.fault = session.fault().kind;
    BUNDLE_CHECK((heard.then == Then::Failed) == (heard.fault != TlsFault::Kind::None));
    if (heard.then == Then::Failed) BUNDLE_CHECK(!session.fault().reason.empty());
    session.end();
    BUNDLE_CHECK(buffers.out.empty());
    return heard;
}

}  // namespace

}  // namespace bundle

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace bundle;
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);

    const Heard whole = heard_in_parts(bytes, size + 1);

    BUNDLE_CHECK(heard_in_parts(bytes, size / 2 + 1) == whole);
    BUNDLE_CHECK(heard_in_parts(bytes, 7) == whole);
    return 0;
}
