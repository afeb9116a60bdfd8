#include "shared/status/status_words.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "shared/base/escaped_text.hpp"

namespace bundle {

std::string length_text(std::chrono::duration<double> length) {
    const auto whole = static_cast<std::uint64_t>(std::max(length.count(), 0.0));
    if (whole >= 86'400) return fmt::format("{}d {}h", whole / 86'400, whole / 3'600 % 24);
    if (whole >= 3'600) return fmt::format("{}h {}m", whole / 3'600, whole / 60 % 60);
    if (whole >= 60) return fmt::format("{}m {}s", whole / 60, whole % 60);
    return fmt::format("{:.1f}s", std::max(length.count(), 0.0));
}

std::string time_text(double time) {
    if (time >= 0.9995) return fmt::format("{:.1f} s", time);
    return fmt::format("{:.{}f} ms", time * 1e3, time < 0.00995 ? 1 : 0);
}

std::string size_text(std::uint64_t bytes) { return fmt::format("{} MB", (bytes + 524'288) >> 20); }

std::string shown(std::string_view text) {
    std::string out;
    append_escaped<Spaces::Keep>(out, text);
    return out;
}

}  // namespace bundle
