#include "frontend/answer/text_answer.hpp"

#include <fmt/format.h>

#include <memory>
#include <utility>

namespace bundle {

namespace {

struct Told {
    Told(std::string text, std::string_view type)
        : body(std::move(text)),
          fields({
              {"Content-Type",  type      },
              {"Cache-Control", "no-store"}
    }) {}

    std::string body;
    std::string length = fmt::format_int(body.size()).str();
    Headers fields;  // one views length
};

}  // namespace

Answer text_answer(std::uint16_t status, std::string body, std::string_view type,
                   std::span<const HeaderField> more) {
    const auto told = std::make_shared<Told>(std::move(body), type);
    told->fields.push_back({"Content-Length", told->length});
    told->fields.insert(told->fields.end(), more.begin(), more.end());
    return {
        .status = status, .fields = told->fields, .bytes = told->body, .file = {}, .owner = told};
}

Answer begun_answer(std::string body, std::string_view type) {
    const auto told = std::make_shared<Told>(std::move(body), type);
    return {
        .fields = told->fields, .bytes = told->body, .file = {}, .owner = told, .goes_on = true};
}

}  // namespace bundle
