// X-Request-Start: when a request came, for tools that measure in the application how long it
// waited (New Relic, Datadog, Scout, autoscalers).
#pragma once
#include <array>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <string_view>

namespace bundle {

struct RequestStart {
    std::array<char, 24> text{};
    std::uint8_t length = 0;  // 0: not known

    // "t=1700000000123456", in microseconds since 1970, which all of them understand.
    static RequestStart at(std::chrono::system_clock::time_point moment) {
        using std::chrono::duration_cast, std::chrono::microseconds;
        RequestStart start{
            {'t', '='}
        };
        const auto written =
            std::to_chars(start.text.data() + 2, start.text.data() + start.text.size(),
                          duration_cast<microseconds>(moment.time_since_epoch()).count());
        start.length = static_cast<std::uint8_t>(written.ptr - start.text.data());
        return start;
    }
    [[nodiscard]] std::string_view view() const { return {text.data(), length}; }
};

}  // namespace bundle
