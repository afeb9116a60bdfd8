// The PROXY protocol of HAProxy, versions 1 and 2: what a proxy that passes bytes on sends first,
// to say whose they are. No sockets in here; fed whole or byte by byte, the outcome is the same.
//
//   PROXY TCP4 192.0.2.1 198.51.100.1 56324 443\r\n              version 1, at most 107 bytes
//   \r\n\r\n\0\r\nQUIT\n  0x21 0x11  length  addresses, TLVs     version 2
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "shared/base/ip_address.hpp"

namespace bundle {

struct ProxyHeader {
    enum class Source : std::uint8_t {
        Named,    // address and port
        Proxy,    // LOCAL: the proxy speaks for itself, as in a health check
        Unknown,  // a client without an address that we could use: UNKNOWN, a unix socket
    };
    Source source = Source::Unknown;
    IpAddress address;
    std::uint16_t port = 0;
    friend bool operator==(const ProxyHeader&, const ProxyHeader&) = default;
};

class ProxyProtocol {
  public:
    enum class Outcome : std::uint8_t {
        NeedMore,   // all bytes were taken
        Done,       // see header(); bytes that are left are the client's
        Malformed,  // no such protocol, or not what it allows; see complaint()
    };

    // Takes bytes off the front of `bytes`. Not to be called again after Done or Malformed.
    Outcome read(std::string_view& bytes);

    [[nodiscard]] const ProxyHeader& header() const { return header_; }
    [[nodiscard]] std::string_view complaint() const { return complaint_; }  // static text

  private:
    Outcome check();
    Outcome read_line();
    Outcome read_line_fields(std::string_view line);
    Outcome read_binary();
    Outcome malformed(std::string_view complaint);

    std::string head_;         // of the preface: its first bytes, as many as say something
    std::size_t to_skip_ = 0;  // TLVs that follow, of version 2
    std::size_t wanted_ = 1;   // bytes of head_ after which there is something to check
    ProxyHeader header_;
    std::string_view complaint_;
};

}  // namespace bundle
