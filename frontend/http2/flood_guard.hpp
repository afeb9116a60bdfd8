// Counts what costs us work and a client next to nothing, in spans of ten seconds: streams that
// are taken back (CVE-2023-44487) or made to fail (CVE-2025-8671), and frames that carry nothing of
// a request (CVE-2019-9512, -9515, -9518).
#pragma once
#include <chrono>
#include <cstdint>

#include "shared/config/config.hpp"

namespace bundle::http2 {

class FloodGuard {
  public:
    using TimePoint = std::chrono::steady_clock::time_point;

    explicit FloodGuard(const Http2Config& limits)
        : max_resets_(limits.max_resets), max_control_frames_(limits.max_control_frames) {}

    void begin_turn(TimePoint now) {
        constexpr std::chrono::seconds kSpan{10};
        if (now < until_) return;
        until_ = now + kSpan;
        resets_ = 0;
        control_frames_ = 0;
        earned_ = 0;
    }
    // False: that was one too many.
    bool reset() { return ++resets_ <= max_resets_; }
    bool control_frame() { return ++control_frames_ <= max_control_frames_ + earned_; }
    // Something of a request or an answer came, or went, for which WINDOW_UPDATE and the like may
    // come.
    void moved() { earned_ += 2; }

  private:
    std::uint32_t max_resets_;
    std::uint32_t max_control_frames_;
    TimePoint until_;
    std::uint64_t resets_ = 0;
    std::uint64_t control_frames_ = 0;
    std::uint64_t earned_ = 0;
};

}  // namespace bundle::http2
