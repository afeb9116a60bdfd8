// A text that is made for whoever asks, and for this moment.
#pragma once
#include <span>
#include <string>
#include <string_view>

#include "frontend/answer/answer.hpp"

namespace bundle {

// `type` and `more` are literals.
Answer text_answer(std::uint16_t status, std::string body, std::string_view type,
                   std::span<const HeaderField> more = {});
// Its beginning; the rest is told later.
Answer begun_answer(std::string body, std::string_view type);

}  // namespace bundle
