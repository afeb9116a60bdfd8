// Fields of an answer by which an application speaks to the server before it: X-Accel-..., as to
// nginx, and X-Sendfile, as to Apache and lighttpd. No client ever gets one: they tell of paths.
#pragma once
#include <cstdint>
#include <string_view>

#include "shared/http/headers.hpp"

namespace bundle {

constexpr bool is_for_server(std::string_view name) {
    constexpr std::string_view kAccel = "x-accel-";
    if (name.size() < kAccel.size() || ascii_lower(name[0]) != 'x' || name[1] != '-') return false;
    return equals_ignoring_case(name.substr(0, kAccel.size()), kAccel) ||
           equals_ignoring_case(name, "x-sendfile");
}

// What an application says of its answer's buffering, over the route's head.
enum class BufferingWish : std::uint8_t { None, On, Off };

// The first of each name; an empty one counts as none. X-Accel-Charset, -Expires and -Limit-Rate
// mean nothing here.
struct ServerFields {
    std::string_view route;  // X-Accel-Redirect: a path of this site, percent-encoded
    std::string_view file;   // X-Sendfile: an absolute path
    BufferingWish buffering = BufferingWish::None;  // X-Accel-Buffering: "yes" or "no"

    static ServerFields in(const Headers& fields);
    [[nodiscard]] bool redirect() const { return !route.empty() || !file.empty(); }
};

}  // namespace bundle
