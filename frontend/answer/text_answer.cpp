#include "frontend/answer/text_answer.hpp"

#include <fmt/format.h>

#include <array>
#include <memory>
#include <utility>

namespace bundle {

namespace {

struct Told {
    Told(std::string text, std::string_view type)
        : body(std::move(text)),
          fields({
              {{"Content-Length", length},
               {"Content-Type", type},
               {"Cache-Control", "no-store"}}
    }) {}

    std::string body;
    std::string length = fmt::format_int(body.size()).str();
    std::array<HeaderField, 3> fields;  // views length
};

}  // namespace

Answer text_answer(std::uint16_t status, std::string body, std::string_view type) {
    const auto told = std::make_shared<const Told>(std::move(body), type);
    return {
        .status = status, .fields = told->fields, .bytes = told->body, .file = {}, .owner = told};
}

}  // namespace bundle
