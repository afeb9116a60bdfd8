// Where a request that takes long stands, as an arbiter tells it to the front: lines of text, so
// that nobody on the way has to read them.
#pragma once
#include <string>
#include <string_view>

namespace bundle::wire {

struct SlowRequest {
    std::string_view id;
    std::string_view line;   // "GET /report"
    std::string_view stack;  // any number of lines

    friend bool operator==(const SlowRequest&, const SlowRequest&) = default;
};

// A longer stack is cut at its outer end.
inline constexpr std::size_t kMostOfStack = 8U << 10;

std::string encode_slow_request(const SlowRequest& request);
// Whatever the text is; the views point into it.
SlowRequest decode_slow_request(std::string_view text);

}  // namespace bundle::wire
