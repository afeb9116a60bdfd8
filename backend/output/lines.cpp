#include "backend/output/lines.hpp"

#include <utility>

namespace bundle {

namespace {

// A line without an end is cut here, so that it does not grow for ever.
constexpr std::size_t kMaxLine = 16U << 10;

}  // namespace

void Lines::write(std::string_view text, const Take& take) {
    while (!text.empty()) {
        const std::size_t newline = text.find('\n');
        partial_ += text.substr(0, newline);
        if (newline != std::string_view::npos) take(std::exchange(partial_, {}));
        if (partial_.size() > kMaxLine) flush(take);
        if (newline == std::string_view::npos) return;
        text.remove_prefix(newline + 1);
    }
}

void Lines::flush(const Take& take) {
    if (!partial_.empty()) take(std::exchange(partial_, {}));
}

}  // namespace bundle
