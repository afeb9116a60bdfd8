// The requests that took their application longer than slow_after, lately, with where they stood:
// for `bundle slow`. What the arbiter saw of one and how it ended come in any order.
#pragma once
#include <chrono>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

namespace bundle {

struct SlowRequest {
    std::string id{};
    std::string app{};
    std::string line{};               // "GET /report"
    std::string site{};               // once it has ended
    std::string route{};              // likewise
    std::uint16_t status = 0;         // 0: it has not ended
    std::chrono::nanoseconds took{};  // of the application
    std::string stack{};              // the innermost call last; "": it was not seen
};

class SlowRequests {
  public:
    static constexpr std::size_t kMost = 500;

    void saw(std::string_view app, std::string_view id, std::string_view line,
             std::string_view stack);
    void ended(SlowRequest request);
    // Its client had left before.
    void left_ended(std::string_view app, std::string_view id, std::chrono::nanoseconds took);
    [[nodiscard]] const std::deque<SlowRequest>& all() const { return requests_; }

  private:
    SlowRequest& of(std::string_view id);

    std::deque<SlowRequest> requests_;  // the newest last
};

}  // namespace bundle
