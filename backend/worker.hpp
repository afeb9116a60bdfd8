// A worker's life: connect to the front, serve one request, repeat, leave.
//
// It waits for its next request in recvmsg(2) and in nothing else: a small request costs one
// receive and one send. SIGTERM cannot interrupt that wait reliably (it may come just before), so
// its handler shuts the socket for reading instead: a request that is here already is still served,
// one that comes later fails at the front, which gives it to another worker, and the wait ends. No
// request is lost in between.
//
// When the front is gone the worker stays: it connects to the next one.
#pragma once
#include <pybind11/pybind11.h>

#include <cstdint>
#include <string>

#include "backend/wsgi/gateway.hpp"
#include "shared/wire/scoreboard.hpp"

namespace bundle {

// A worker's place in the world.
struct WorkerPlace {
    std::string app;
    std::uint32_t generation = 0;
    std::uint32_t slot = 0;
    std::string front;  // path of the unix socket where the front listens for workers
    GatewayFacts facts;
};

// In the forked child, with SIGTERM blocked. `row` is our place in the scoreboard.
[[noreturn]] void run_worker(const WorkerPlace& place, wire::WorkerRow& row, PyObject* application);

}  // namespace bundle
