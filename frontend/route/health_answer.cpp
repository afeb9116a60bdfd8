#include "frontend/route/health_answer.hpp"

#include <fmt/format.h>

#include "frontend/answer/text_answer.hpp"

namespace bundle {

Answer health_answer(std::string_view why_not) {
    constexpr std::string_view kType = "text/plain";
    if (why_not.empty()) return text_answer(200, "ok\n", kType);
    return text_answer(503, fmt::format("{}\n", why_not), kType);
}

}  // namespace bundle
