// Bounds the time that the arbiter's own boot takes: an import may hang, and nobody else looks.
//
// A thread of its own, which waits and does nothing else; it is gone before anything is forked.
#pragma once
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "backend/python/stack_dump.hpp"
#include "shared/base/result.hpp"

namespace bundle {

class BootWatch {
  public:
    // Told where the main thread stands; ends the process.
    using Expired = std::function<void(const std::string& stacks)>;

    // In the main thread, with the GIL held.
    static Result<std::unique_ptr<BootWatch>> begin(std::chrono::milliseconds timeout,
                                                    Expired expired);
    BootWatch(const BootWatch&) = delete;
    BootWatch& operator=(const BootWatch&) = delete;
    ~BootWatch();

  private:
    BootWatch(std::chrono::milliseconds timeout, Expired expired, StackDump dump);
    void watch(std::chrono::milliseconds timeout);

    Expired expired_;
    StackDump dump_;
    std::mutex mutex_;
    std::condition_variable ended_;
    bool has_ended_ = false;
    std::thread thread_;
};

}  // namespace bundle
