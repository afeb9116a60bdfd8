#include "backend/boot_watch.hpp"

#include <signal.h>
#include <unistd.h>

#include "backend/stacks_text.hpp"

namespace bundle {

using std::chrono::milliseconds;

Result<std::unique_ptr<BootWatch>> BootWatch::begin(milliseconds timeout, Expired expired) {
    TRY_ASSIGN(StackDump dump, StackDump::create());
    TRY(answer_with_stacks(dump.memory(), -1));
    return std::unique_ptr<BootWatch>(new BootWatch(timeout, std::move(expired), std::move(dump)));
}

BootWatch::BootWatch(milliseconds timeout, Expired expired, StackDump dump)
    : expired_(std::move(expired)), dump_(std::move(dump)) {
    // Signals are the main thread's.
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    thread_ = std::thread([this, timeout] { watch(timeout); });
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

BootWatch::~BootWatch() {
    {
        const std::lock_guard lock(mutex_);
        has_ended_ = true;
    }
    ended_.notify_one();
    thread_.join();
}

void BootWatch::watch(milliseconds timeout) {
    constexpr milliseconds kLongestDump{1'000};
    constexpr milliseconds kBetweenLooks{10};
    std::unique_lock lock(mutex_);
    if (ended_.wait_for(lock, timeout, [this] { return has_ended_; })) return;
    dump_.ask(getpid());
    for (milliseconds waited{}; waited < kLongestDump && !dump_.is_complete();
         waited += kBetweenLooks)
        ended_.wait_for(lock, kBetweenLooks);
    expired_(stacks_text(dump_.text(), 0));
}

}  // namespace bundle
