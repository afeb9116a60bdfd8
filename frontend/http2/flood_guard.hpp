// Counts what costs us work and a client next to nothing, in spans of ten seconds: streams that
// are taken back (CVE-2023-44487) or made to fail (CVE-2025-8671), and frames that carry nothing of
// a request (CVE-2019-9512, -9515, -9518).
#pragma once
#include <algorithm>
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
        // What came just before is answered now.
        const std::uint64_t used =
            control_frames_ - std::min<std::uint64_t>(control_frames_, max_control_frames_);
        earned_ = std::min(earned_ - std::min(earned_, used), kMostKept);
        control_frames_ = 0;
    }
    // False: that was one too many.
    bool reset() { return ++resets_ <= max_resets_; }
    bool control_frame() { return ++control_frames_ <= max_control_frames_ + earned_; }
    // A frame with hardly anything of a body in it.
    bool sparse_frame() { return ++sparse_frames_ % kSparseForOne != 0 || control_frame(); }
    // A head came or went: PRIORITY_UPDATE and the like may come with it.
    void head_moved() { earned_ += kForHead; }
    // Bytes of an answer's body went. WINDOW_UPDATE may come for them, of stream and connection;
    // the thriftiest clients send both for each 4 KB.
    void body_moved(std::uint64_t bytes) { earned_ += (bytes > 0 ? 1 : 0) + bytes / kForUpdate; }

  private:
    static constexpr std::uint64_t kSparseForOne = 10;
    static constexpr std::uint64_t kForHead = 2;
    static constexpr std::uint64_t kForUpdate = 2048;
    static constexpr std::uint64_t kMostKept = 16'384;  // for what may be on its way: 32 MB

    std::uint32_t max_resets_;
    std::uint32_t max_control_frames_;
    TimePoint until_;
    std::uint64_t resets_ = 0;
    std::uint64_t control_frames_ = 0;
    std::uint64_t sparse_frames_ = 0;
    std::uint64_t earned_ = 0;
};

}  // namespace bundle::http2
