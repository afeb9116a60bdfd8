// libuv's loop and handles, each with one owner.
#pragma once
#include <uv.h>

#include <memory>

#include "shared/base/check.hpp"

namespace bundle {

template <typename Handle>
struct CloseOnLoop {  // libuv uses an initialised handle until it is closed
    void operator()(Handle* handle) const noexcept {
        handle->data = nullptr;  // callbacks still queued look here for their owner and find none
        uv_close(reinterpret_cast<uv_handle_t*>(handle),
                 [](uv_handle_t* closed) { delete reinterpret_cast<Handle*>(closed); });
    }
};
template <typename Handle>
using UvOwner = std::unique_ptr<Handle, CloseOnLoop<Handle>>;

// Declared before everything that lives on it, and so destroyed after it: the handles that were
// closed by then are freed in its last turn.
class EventLoop {
  public:
    EventLoop() { BUNDLE_CHECK(uv_loop_init(&loop_) == 0); }
    EventLoop(const EventLoop&) = delete;
    EventLoop& operator=(const EventLoop&) = delete;
    ~EventLoop() {
        uv_run(&loop_, UV_RUN_DEFAULT);
        BUNDLE_CHECK(uv_loop_close(&loop_) == 0);
    }

    [[nodiscard]] uv_loop_t* get() { return &loop_; }

  private:
    uv_loop_t loop_{};
};

}  // namespace bundle
