// The field Forwarded (RFC 7239): one element for each proxy that a request passed.
//
//   Forwarded: for=192.0.2.43;proto=https;host=shop.example, for="[2001:db8::17]:4711"
#pragma once
#include <optional>
#include <string_view>
#include <vector>

#include "shared/base/ip_address.hpp"

namespace bundle {

// "" for what the element does not have. Quotes are off; a backslash in them stays, so that such a
// value is no address, scheme or host: nobody has a reason to send one.
struct ForwardedElement {
    std::string_view client;  // for
    std::string_view proto;
    std::string_view host;
    friend bool operator==(const ForwardedElement&, const ForwardedElement&) = default;
};

// Appends the elements of one field line. False when it is malformed: what a client leaves open (a
// quote) would swallow what the proxy appended, so no part of it can be believed then. Outside of
// quotes ":", "[" and "]" are taken too, which proxies forget to quote.
bool parse_forwarded(std::string_view value, std::vector<ForwardedElement>& elements);

// Who is named by an element of Forwarded or X-Forwarded-For: "192.0.2.1", "192.0.2.1:4711",
// "2001:db8::1", "[2001:db8::1]", "[2001:db8::1]:4711".
struct ForwardedNode {
    IpAddress address;
    std::string_view port;  // "" when there is none, or one with a made-up name ("_a1")
    friend bool operator==(const ForwardedNode&, const ForwardedNode&) = default;
};

// Nothing for "unknown", names that a proxy made up ("_hidden"), and everything else.
std::optional<ForwardedNode> parse_forwarded_node(std::string_view text);

}  // namespace bundle
