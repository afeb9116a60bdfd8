// The status page and what it is made of: files of static/status/ that are part of the program.
#pragma once
#include <optional>
#include <string_view>

#include "frontend/answer/answer.hpp"

namespace bundle {

Answer status_page();
// Nothing: no part of the page has that path.
std::optional<Answer> part_of_status_page(std::string_view path);

}  // namespace bundle
