// Times and sizes as nginx writes them: "1h30m", "60", "500ms"; "4G", "8k".
#pragma once
#include <chrono>
#include <optional>
#include <string_view>

#include "shared/base/bytes.hpp"

namespace bundle::imported {

std::optional<std::chrono::milliseconds> nginx_time(std::string_view text);
std::optional<Bytes> nginx_size(std::string_view text);

}  // namespace bundle::imported
