// A request's head from the fields of HTTP/2 (RFC 9113 section 8.3): the same RequestHead, by the
// same checks, as HTTP/1 has. What the two versions share is written as HTTP/1 writes it, so that
// every value lies in RequestHead::bytes. No sockets in here.
//
// nghttp2 has seen to it that the pseudo-fields are known, come first and once each, that names are
// lower-case tokens, and that no field is one of the connection (sections 8.2 and 8.3).
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "frontend/http1/request_parser.hpp"
#include "frontend/request/request_head.hpp"

namespace bundle::http2 {

class HeadReader {
  public:
    // What a field adds to the size of a head (RFC 9113 section 6.5.2).
    static std::uint64_t counted(std::string_view name, std::string_view value) {
        return name.size() + value.size() + kCountedForEach;
    }

    // Both outlive the reading.
    void begin(RequestHead& head, const http1::HeadLimits& limits);
    // False: it is so far beyond the limit that the client is not worth decoding the rest for. A
    // byte of a frame can stand for a field of kilobytes (RFC 7541 section 6.1).
    bool add(std::string_view name, std::string_view value);
    // All are here. After a refusal the head has what it can for the log.
    std::optional<Refusal> finish(bool body_follows);

  private:
    static constexpr std::size_t kCountedForEach = 32;

    // In head_->bytes, which moves while it grows.
    struct Place {
        std::uint32_t name_at;
        std::uint32_t name_size;
        std::uint32_t value_at;
        std::uint32_t value_size;
    };

    void refuse(const Refusal& refusal);
    void add_pseudo(std::string_view name, std::string_view value);
    void add_cookie(std::string_view crumb);
    void append(std::string_view name, std::string_view value);
    void write_request_line();
    std::optional<Refusal> read_request_line();

    RequestHead* head_ = nullptr;
    const http1::HeadLimits* limits_ = nullptr;
    std::string method_;
    std::string scheme_;
    std::string authority_;
    std::string path_;
    std::string cookie_;  // all crumbs of it (section 8.2.3)
    std::vector<Place> places_;
    std::uint64_t size_ = 0;  // as SETTINGS_MAX_HEADER_LIST_SIZE counts
    bool has_line_ = false;
    std::size_t target_size_ = 0;
    std::optional<Refusal> refusal_;
};

}  // namespace bundle::http2
