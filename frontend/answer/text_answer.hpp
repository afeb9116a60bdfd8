// A text that is made for whoever asks, and for this moment.
#pragma once
#include <string>
#include <string_view>

#include "frontend/answer/answer.hpp"

namespace bundle {

Answer text_answer(std::uint16_t status, std::string body, std::string_view type);  // a literal

}  // namespace bundle
