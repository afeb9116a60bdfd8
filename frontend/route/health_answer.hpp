// What a load balancer is told.
#pragma once
#include <string_view>

#include "frontend/answer/answer.hpp"

namespace bundle {

// 200, or 503 with the reason when there is one.
Answer health_answer(std::string_view why_not);

}  // namespace bundle
