// The language of metrics.statsd.address: "127.0.0.1:8125", "[::1]:8125", "unix:/path", "off".
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace bundle::config {

std::optional<std::string> check_statsd_address(std::string_view text);

}  // namespace bundle::config
