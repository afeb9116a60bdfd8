// The known name that a mistyped one most likely means.
#pragma once
#include <optional>
#include <string_view>
#include <vector>

namespace bundle::config {

// Nothing when none is near: a wrong guess is worse than none.
std::optional<std::string_view> nearest(std::string_view typed,
                                        const std::vector<std::string_view>& known);

}  // namespace bundle::config
