// What happened lately, for whoever looks at the status: the last few events.
#pragma once
#include <chrono>
#include <cstdint>
#include <deque>
#include <string>

namespace bundle {

class RecentEvents {
  public:
    using Moment = std::chrono::system_clock::time_point;
    enum class Kind : std::uint8_t { Note, Trouble };
    struct Event {
        Moment at;  // the last time
        Kind kind = Kind::Note;
        std::string text;
        std::uint64_t count = 1;
    };

    static constexpr std::size_t kMost = 50;
    // The same again within this time is counted, so that a storm leaves the others in sight.
    static constexpr std::chrono::seconds kTogether{60};

    void add(Kind kind, std::string text, Moment at, std::uint64_t count = 1);
    [[nodiscard]] const std::deque<Event>& all() const { return events_; }  // the newest first

  private:
    std::deque<Event> events_;
};

}  // namespace bundle
