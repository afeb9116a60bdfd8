// A thread of a worker: connects to the front, serves one request, repeats, until the worker is to
// leave.
//
// Each thread has a connection of its own, so that none waits for another: not for the bytes of its
// request, nor for a client that takes its answer slowly. It waits for the next request in
// recvmsg(2), without the GIL: a small request costs one receive and one send.
//
// When the front is gone the thread stays: it connects to the next one.
#pragma once
#include <cstdint>
#include <string_view>

#include "backend/answer_writer.hpp"
#include "backend/worker.hpp"
#include "backend/wsgi/gateway.hpp"
#include "shared/base/owned_fd.hpp"
#include "shared/base/result.hpp"
#include "shared/wire/messages.hpp"
#include "shared/wire/request_slots.hpp"
#include "shared/wire/scoreboard.hpp"

namespace bundle {

class ServingThread {
  public:
    // `number` is the thread's in its worker, `row` its place in the scoreboard.
    ServingThread(const WorkerPlace& place, std::uint32_t number, wire::WorkerRow& row,
                  Gateway& gateway)
        : place_(place), number_(number), row_(row), gateway_(gateway) {}

    // With the GIL held. Returns when the worker is to leave.
    void run();

  private:
    Result<wire::RequestSlots> introduce(int socket) const;
    Result<void> serve_front(int socket);
    Result<void> serve(const wire::Frame& frame, OwnedFd body, wire::RequestSlots& slots,
                       AnswerWriter& writer);
    void tell_arbiter() const;
    void note_request() const;
    void show_busy();
    void show_idle();
    void show_in_title(std::string_view activity) const;

    const WorkerPlace& place_;
    std::uint32_t number_;
    wire::WorkerRow& row_;
    Gateway& gateway_;
    wire::Request request_;  // reused: its fields keep their capacity
};

}  // namespace bundle
