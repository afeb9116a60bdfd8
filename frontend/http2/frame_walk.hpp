// Finds the heads of frames in what a client sends (RFC 9113 section 4.1). nghttp2 passes over some
// without telling: DATA of streams that are gone, frames of types that it does not know. What it
// does not tell could not be counted. No sockets in here.
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace bundle::http2 {

class FrameWalk {
  public:
    // A longer one costs its client more than us.
    static constexpr std::size_t kShort = 1024;

    void read(std::string_view bytes) {
        while (!bytes.empty()) {
            if (left_ > 0) {
                const std::size_t passed = std::min(left_, bytes.size());
                left_ -= passed;
                bytes.remove_prefix(passed);
                continue;
            }
            if (head_read_ < kLengthSize)
                length_ = length_ << 8U | static_cast<unsigned char>(bytes.front());
            bytes.remove_prefix(1);
            if (++head_read_ == kHeadSize) end_head();
        }
    }
    // Frames shorter than kShort whose heads have come.
    [[nodiscard]] std::uint64_t short_frames() const { return short_frames_; }

  private:
    static constexpr std::size_t kPreface = 24;  // of the client, before its first frame
    static constexpr std::size_t kLengthSize = 3;
    static constexpr std::size_t kHeadSize = 9;

    void end_head() {
        if (length_ < kShort) ++short_frames_;
        left_ = length_;
        length_ = 0;
        head_read_ = 0;
    }

    std::size_t left_ = kPreface;  // until the next head begins
    std::size_t head_read_ = 0;    // of it
    std::size_t length_ = 0;       // as far as it is read
    std::uint64_t short_frames_ = 0;
};

}  // namespace bundle::http2
