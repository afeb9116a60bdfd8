#include "frontend/route/health_answer.hpp"

#include <fmt/format.h>

#include <array>
#include <memory>
#include <utility>

namespace bundle {

namespace {

struct Told {
    explicit Told(std::string text) : body(std::move(text)) {}

    std::string body;
    std::string length = fmt::format_int(body.size()).str();
    std::array<HeaderField, 3> fields = {
        {{"Content-Length", length},
         {"Content-Type", "text/plain"},
         {"Cache-Control", "no-store"}}
    };
};

}  // namespace

Answer health_answer(std::string_view why_not) {
    const auto told = std::make_shared<const Told>(why_not.empty() ? std::string("ok\n")
                                                                   : fmt::format("{}\n", why_not));
    return {.status = static_cast<std::uint16_t>(why_not.empty() ? 200 : 503),
            .fields = told->fields,
            .bytes = told->body,
            .file = {},
            .owner = told};
}

}  // namespace bundle
