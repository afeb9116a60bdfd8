#include "backend/title_clock.hpp"

#include <fmt/format.h>
#include <signal.h>

#include <chrono>
#include <thread>

#include "shared/base/process_title.hpp"

namespace bundle {

using namespace std::chrono_literals;

TitleClock::TitleClock(const wire::WorkerRow& row) : row_(row) {
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    std::thread([this] { run(); }).detach();
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

void TitleClock::run() {
    for (;;) {
        awake_.wait(false, std::memory_order_acquire);
        std::this_thread::sleep_for(1s);
        if (is_busy()) {
            show_seconds();
            continue;
        }
        awake_.store(false);
        if (is_busy()) awake_.store(true);  // it began just now, and found us awake
    }
}

bool TitleClock::is_busy() const { return row_.state == wire::WorkerState::Busy; }

void TitleClock::show_seconds() const {
    const std::uint64_t activity = activity_in_process_title();
    const std::chrono::steady_clock::time_point begin{std::chrono::nanoseconds(row_.busy_since)};
    const std::chrono::duration<double> since = std::chrono::steady_clock::now() - begin;
    if (!is_busy() || since < 1s) return;
    add_to_activity_in_process_title(activity, fmt::format("{:.1f}s", since.count()));
}

}  // namespace bundle
