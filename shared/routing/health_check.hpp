// What a load balancer asks a site that has `health`: whether we are alive, and whether it should
// send clients here.
#pragma once
#include <cstdint>
#include <string_view>

namespace bundle {

enum class HealthCheck : std::uint8_t {
    None,
    Live,   // the event loop turns: it answers
    Ready,  // every application has workers and room in its queue, and nobody has told us to stop
};

constexpr HealthCheck health_check_of(std::string_view path) {
    if (path == "/-/live") return HealthCheck::Live;
    return path == "/-/ready" ? HealthCheck::Ready : HealthCheck::None;
}

}  // namespace bundle
