#include "frontend/observe/server_timing.hpp"

#include <array>
#include <string_view>
#include <utility>

#include "frontend/observe/log_text.hpp"

namespace bundle {

std::string server_timing(const RequestTimes& times) {
    constexpr std::array<std::pair<std::string_view, TimePart>, 3> kParts = {
        {{"read", TimePart::Read}, {"queue", TimePart::Queue}, {"app", TimePart::AppFirst}}
    };
    std::string text;
    for (const auto& [name, part] : kParts) {
        const auto length = times.of(part);
        if (!length) continue;
        if (!text.empty()) text += ", ";
        text.append(name).append(";dur=");
        append_decimal(text, static_cast<std::uint64_t>(length->count() / 1000), 3);
    }
    return text;
}

}  // namespace bundle
