// The seconds behind the request in a worker's title: "[GET /cart 2.1s]".
#pragma once
#include <atomic>

#include "shared/wire/scoreboard.hpp"

namespace bundle {

// A thread that sleeps while the worker has nothing to do. From its first second on a request is
// looked at once in a second.
class TitleClock {
  public:
    // Both stay as long as the process does. The thread is no signal's.
    explicit TitleClock(const wire::WorkerRow& row);
    TitleClock(const TitleClock&) = delete;
    TitleClock& operator=(const TitleClock&) = delete;

    // A request has begun. It costs a system call where none had for a second.
    void wake() {
        if (awake_.load(std::memory_order_relaxed)) return;
        awake_.store(true, std::memory_order_release);
        awake_.notify_one();
    }

  private:
    [[noreturn]] void run();
    void show_seconds() const;
    [[nodiscard]] bool is_busy() const;

    const wire::WorkerRow& row_;
    std::atomic<bool> awake_ = false;
};

}  // namespace bundle
