#include "frontend/observe/request_id.hpp"

#include <unistd.h>

#include <algorithm>

#include "shared/base/check.hpp"

namespace bundle {

namespace {

constexpr std::string_view kCrockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::uint64_t kHighMask = 0xffff;

// Writes the lowest 5 * (end - begin) bits of `value`.
void write_base32(std::uint64_t value, char* begin, char* end) {
    while (end != begin) {
        *--end = kCrockford[value & 31];
        value >>= 5;
    }
}

bool is_id_byte(char c) {
    constexpr std::string_view kOthers = "-._:/+=@";
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           kOthers.find(c) != std::string_view::npos;
}

}  // namespace

std::optional<RequestId> RequestId::from(std::string_view text) {
    if (text.empty() || text.size() > kLongest || !std::ranges::all_of(text, is_id_byte))
        return std::nullopt;
    RequestId id;
    text.copy(id.text.data(), text.size());
    id.length = static_cast<std::uint8_t>(text.size());
    return id;
}

std::uint64_t RequestIds::random_bits() {
    if (unused_ == 0) {
        // Up to 256 bytes it neither stops half-way nor is interrupted.
        BUNDLE_CHECK(getentropy(pool_.data(), sizeof pool_) == 0);
        unused_ = pool_.size();
    }
    return pool_[--unused_];
}

RequestId RequestIds::next(std::chrono::system_clock::time_point now) {
    using std::chrono::duration_cast;
    const auto ms = static_cast<std::uint64_t>(
        duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count());
    const std::uint64_t random = random_bits();
    if (ms > last_ms_) {
        last_ms_ = ms;
        high_ = random & kHighMask;
        low_ = random_bits();
    } else {
        // In the same millisecond a step at random: ids stay in order, yet nobody tells the next
        // one from the last.
        const std::uint64_t before = low_;
        low_ += (random >> 32) + 1;
        if (low_ < before) high_ = (high_ + 1) & kHighMask;
        if (low_ < before && high_ == 0) ++last_ms_;
    }

    RequestId id;
    char* const text = id.text.data();
    write_base32(last_ms_, text, text + 10);
    // 80 bits are 16 digits: 40 bits, and 40 bits.
    write_base32((high_ << 24) | (low_ >> 40), text + 10, text + 18);
    write_base32(low_ & ((std::uint64_t{1} << 40) - 1), text + 18, text + 26);
    return id;
}

}  // namespace bundle
