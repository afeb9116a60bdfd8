// A request's head, parsed and checked (RFC 9112 sections 2 to 7): what routing, buffering and
// dispatch work on, whichever version of HTTP it came by.
#pragma once
#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "frontend/request/limit.hpp"
#include "shared/http/headers.hpp"

namespace bundle {

enum class HttpVersion : std::uint8_t { Http10, Http11, Http2 };

constexpr std::string_view protocol_text(HttpVersion version) {
    if (version == HttpVersion::Http2) return "HTTP/2.0";
    return version == HttpVersion::Http11 ? "HTTP/1.1" : "HTTP/1.0";
}

struct RequestHead {
    // The head's bytes; every view below points into them, so a RequestHead is not copied or moved
    // while views are in use. Field names in it have been made lower-case in place.
    std::string bytes;

    HttpVersion version = HttpVersion::Http11;
    std::string_view method;
    std::string_view target;  // as received; raw bytes >= 0x80 are percent-encoded
    std::string_view host;  // authority: of an absolute-form target, else of the Host field; "" in
                            // HTTP/1.0 without
    std::string path;  // percent-decoded once, "." and ".." resolved (shared/http/url_path.hpp);
                       // begins with "/"; "*" for OPTIONS *
    std::string_view query;  // after the first "?", as received
    Headers fields;  // in the order of arrival, names lower-case, values without surrounding white
                     // space

    std::optional<std::uint64_t> content_length;
    bool chunked = false;
    bool keep_alive = false;        // what the client asks for
    bool expects_continue = false;  // Expect: 100-continue in HTTP/1.1

    // Of HTTP/1, as the client sent it, whatever it is: for logs.
    [[nodiscard]] std::string_view begin_of_line(std::size_t most) const {
        const std::string_view all = bytes;
        return all.substr(0, std::min(all.find_first_of("\r\n"), most));
    }
    [[nodiscard]] bool has_body() const { return chunked || content_length.value_or(0) > 0; }
    // Ready for the next request; keeps its capacity.
    void clear();
};

// Why a request is refused: an answer's status, and a reason for the log. After a refusal no later
// byte of the connection is ever taken for a request.
struct Refusal {
    std::uint16_t status = 0;   // 400, 405, 408, 411, 413, 414, 417, 421, 431, 501, 505
    std::string_view reason;    // static text: "bare line feed in the head"
    Limit limit = Limit::None;  // of the configuration, when it is one that was met
};

}  // namespace bundle
