// The name of one request in every log line, page and field that speaks of it: a ULID, 26
// characters that sort by time.
//
//   01JD4F9Y7QK3V8W2M5T6X9ZB0C     48 bits of milliseconds, 80 at random, in Crockford's base 32
//
// or whatever a trusted proxy calls the request by.
#pragma once
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace bundle {

struct RequestId {
    static constexpr std::size_t kLength = 26;
    static constexpr std::size_t kLongest = 63;  // of one that a trusted proxy gave
    std::array<char, kLongest> text{};
    std::uint8_t length = kLength;

    // One that somebody else chose; nothing when it is empty, too long, or has bytes other than
    // letters, digits and "-._:/+=@", which every log and page can show.
    static std::optional<RequestId> from(std::string_view text);

    [[nodiscard]] std::string_view view() const { return {text.data(), length}; }
    friend bool operator==(const RequestId&, const RequestId&) = default;
};

// One for each event loop. No two ids of one source are alike, and each is greater than the one
// before, even when the clock is set back.
class RequestIds {
  public:
    RequestId next(std::chrono::system_clock::time_point now);

  private:
    std::uint64_t random_bits();

    // Random words are fetched from the kernel many at a time: a system call for each id would cost
    // more than the rest of it.
    std::array<std::uint64_t, 32> pool_{};
    std::size_t unused_ = 0;
    std::uint64_t last_ms_ = 0;
    std::uint64_t high_ = 0;  // the upper 16 of the 80 bits
    std::uint64_t low_ = 0;   // the lower 64
};

}  // namespace bundle
