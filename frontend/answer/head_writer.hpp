// An answer's head as bytes: the text of HTTP/1 (RFC 9112 section 4), or for HTTP/2 its fields one
// after the other, from which the session makes frames (RFC 9113 section 8.3.2). No sockets in
// here.
#pragma once
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "frontend/request/request_head.hpp"

namespace bundle {

// Writes behind what `out` has.
class HeadWriter {
  public:
    HeadWriter(std::string& out, HttpVersion version) : out_(out), version_(version) {}

    void status(std::uint16_t status, std::string_view reason);
    void field(std::string_view name, std::string_view value) {
        if (version_ == HttpVersion::Http2) return packed_field(name, value);
        out_.append(name).append(": ").append(value).append("\r\n");
    }
    void end() {
        if (version_ != HttpVersion::Http2) out_.append("\r\n");
    }
    [[nodiscard]] HttpVersion version() const { return version_; }

  private:
    void packed_field(std::string_view name, std::string_view value);

    std::string& out_;
    HttpVersion version_;
};

// Calls `each(name, value)` for what was written for HTTP/2, ":status" first.
template <typename Each>
void for_each_packed_field(std::string_view packed, const Each& each) {
    while (!packed.empty()) {
        std::uint32_t sizes[2];
        std::memcpy(sizes, packed.data(), sizeof sizes);
        packed.remove_prefix(sizeof sizes);
        each(packed.substr(0, sizes[0]), packed.substr(sizes[0], sizes[1]));
        packed.remove_prefix(sizes[0] + std::size_t{sizes[1]});
    }
}

}  // namespace bundle
