#include "frontend/client/proxy_protocol.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace bundle {

namespace {

using Source = ProxyHeader::Source;

constexpr std::string_view kLineBegin = "PROXY ";
constexpr std::size_t kLongestLine = 107;  // its line end included
constexpr std::string_view kSignature("\r\n\r\n\0\r\nQUIT\n", 12);
constexpr std::size_t kBinaryHead = 16;  // signature, version and command, family, length
// All of a version 2 preface. What is behind the addresses (TLVs: names, TLS facts) is skipped.
constexpr std::size_t kLongestBinary = 4096;

constexpr unsigned kVersion2 = 0x20;
constexpr unsigned kLocal = 0;
constexpr unsigned kProxy = 1;
constexpr unsigned kTcp4 = 0x11;
constexpr unsigned kTcp6 = 0x21;

std::size_t address_size(unsigned family) {
    if (family == kTcp4) return 4;
    return family == kTcp6 ? 16 : 0;
}

// Decimal, without leading zeros.
std::optional<std::uint16_t> port_from(std::string_view text) {
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    if (text.size() > 1 && text.front() == '0') return std::nullopt;
    return port;
}

unsigned byte_at(std::string_view bytes, std::size_t at) {
    return static_cast<unsigned char>(bytes[at]);
}

unsigned number_at(std::string_view bytes, std::size_t at) {
    return byte_at(bytes, at) << 8 | byte_at(bytes, at + 1);
}

}  // namespace

ProxyProtocol::Outcome ProxyProtocol::malformed(std::string_view complaint) {
    complaint_ = complaint;
    return Outcome::Malformed;
}

ProxyProtocol::Outcome ProxyProtocol::read(std::string_view& bytes) {
    while (!bytes.empty()) {
        if (to_skip_ > 0) {
            const std::size_t skipped = std::min(to_skip_, bytes.size());
            bytes.remove_prefix(skipped);
            to_skip_ -= skipped;
            if (to_skip_ == 0) return Outcome::Done;
            continue;
        }
        const std::size_t taken = std::min(wanted_ - head_.size(), bytes.size());
        head_.append(bytes.substr(0, taken));
        bytes.remove_prefix(taken);
        if (const Outcome outcome = check(); outcome != Outcome::NeedMore) return outcome;
    }
    return Outcome::NeedMore;
}

// A byte at a time until the signature is known: the client's bytes may follow at once, and whoever
// does not speak the protocol is found out at the first byte that differs.
ProxyProtocol::Outcome ProxyProtocol::check() {
    if (head_.size() < wanted_) return Outcome::NeedMore;
    const std::string_view head = head_;
    if (kSignature.starts_with(head.substr(0, kSignature.size()))) {
        wanted_ =
            head.size() < kSignature.size() ? head.size() + 1 : std::max(wanted_, kBinaryHead);
        return head.size() < kBinaryHead ? Outcome::NeedMore : read_binary();
    }
    if (kLineBegin.starts_with(head.substr(0, kLineBegin.size()))) {
        wanted_ = head.size() + 1;
        return head.size() <= kLineBegin.size() ? Outcome::NeedMore : read_line();
    }
    return malformed("the connection does not begin with the PROXY protocol");
}

ProxyProtocol::Outcome ProxyProtocol::read_line() {
    if (!head_.ends_with("\r\n")) {
        if (head_.size() >= kLongestLine) return malformed("its line is too long");
        return Outcome::NeedMore;
    }
    std::string_view line = head_;
    line.remove_prefix(kLineBegin.size());
    line.remove_suffix(2);
    if (line == "UNKNOWN" || line.starts_with("UNKNOWN ")) return Outcome::Done;
    return read_line_fields(line);
}

// "TCP4 192.0.2.1 198.51.100.1 56324 443"
ProxyProtocol::Outcome ProxyProtocol::read_line_fields(std::string_view line) {
    std::array<std::string_view, 5> fields;
    for (std::size_t i = 0; i < fields.size(); ++i) {
        const auto space = line.find(' ');
        if ((space == std::string_view::npos) != (i + 1 == fields.size()))
            return malformed("its line has not five fields behind PROXY");
        fields.at(i) = line.substr(0, space);
        line.remove_prefix(std::min(line.size(), fields.at(i).size() + 1));
    }
    const bool is_ipv4 = fields[0] == "TCP4";
    if (!is_ipv4 && fields[0] != "TCP6") return malformed("its line names another protocol");
    const auto source = IpAddress::parse(fields[1]);
    const auto destination = IpAddress::parse(fields[2]);
    // By its spelling: an IPv4 address that is mapped into IPv6 stands in TCP6.
    const auto is_ipv4_text = [](std::string_view text) {
        return text.find(':') == std::string_view::npos;
    };
    if (!source || !destination || is_ipv4_text(fields[1]) != is_ipv4 ||
        is_ipv4_text(fields[2]) != is_ipv4)
        return malformed("its line has a malformed address");
    const auto port = port_from(fields[3]);
    if (!port || !port_from(fields[4])) return malformed("its line has a malformed port");
    header_ = {Source::Named, *source, *port};
    return Outcome::Done;
}

ProxyProtocol::Outcome ProxyProtocol::read_binary() {
    const unsigned command = byte_at(head_, 12) & 0x0fU;
    if ((byte_at(head_, 12) & 0xf0U) != kVersion2) return malformed("its version is not 2");
    if (command != kLocal && command != kProxy) return malformed("its command is unknown");
    const std::size_t length = number_at(head_, 14);
    if (kBinaryHead + length > kLongestBinary) return malformed("it is longer than 4096 bytes");

    const unsigned family = command == kLocal ? 0 : byte_at(head_, 13);
    const std::size_t addresses = address_size(family) * 2 + (address_size(family) > 0 ? 4 : 0);
    if (length < addresses) return malformed("it is shorter than its addresses");
    wanted_ = kBinaryHead + addresses;
    if (head_.size() < wanted_) return Outcome::NeedMore;
    header_.source = command == kLocal ? Source::Proxy : Source::Unknown;
    if (addresses > 0) {
        const char* const source = head_.data() + kBinaryHead;
        header_ = {
            Source::Named, family == kTcp4 ? IpAddress::v4(source) : IpAddress::v6(source),
            static_cast<std::uint16_t>(number_at(head_, kBinaryHead + address_size(family) * 2))};
    }
    to_skip_ = length - addresses;
    return to_skip_ == 0 ? Outcome::Done : Outcome::NeedMore;
}

}  // namespace bundle
