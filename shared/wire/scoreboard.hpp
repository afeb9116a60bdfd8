// What every worker of one application is doing, in memory shared by its arbiter, its workers and
// the master. A worker writes its own row; everyone else only reads. There are no heartbeat files.
#pragma once
#include <array>
#include <atomic>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "shared/base/owned_fd.hpp"
#include "shared/base/result.hpp"
#include "shared/wire/sealed_memory.hpp"

namespace bundle::wire {

enum class WorkerState : std::uint32_t { Empty = 0, Booting = 1, Idle = 2, Busy = 3, Leaving = 4 };

struct alignas(64) WorkerRow {
    std::atomic<std::uint32_t> pid;  // by the arbiter, which also writes the state Booting
    std::atomic<WorkerState> state;
    std::atomic<std::uint32_t> generation;
    std::atomic<std::uint32_t> stream;     // of the request it serves
    std::atomic<std::int64_t> born;        // CLOCK_MONOTONIC, ns
    std::atomic<std::int64_t> busy_since;  // CLOCK_MONOTONIC, ns; 0 when idle
    std::atomic<std::int64_t> deadline;    // CLOCK_MONOTONIC, ns; 0: none
    std::atomic<std::int64_t> queued;      // CLOCK_MONOTONIC, ns: since then it waited
    std::atomic<std::uint64_t> requests;   // served
    std::atomic<std::uint64_t> thread;     // pthread_t of the one that serves here; 0: it boots
    std::array<char, 64> request_id;     // of the request it serves, or served last; NUL-terminated
    std::array<char, 192> request_line;  // "GET /cart", cut; NUL-terminated
    std::array<char, 48> client;         // its address; NUL-terminated
};
static_assert(std::atomic<std::uint64_t>::is_always_lock_free);

// The texts of a row: written cut to their place, read never beyond it, whatever a worker wrote
// there. A reader may catch one half written; they are for people's eyes.
void write_text(std::span<char> to, std::string_view text);
std::string read_text(std::span<const char> from);

class Scoreboard {
  public:
    // A new one, zeroed, in a sealed memfd that never changes its size.
    static Result<Scoreboard> create(std::uint32_t rows);
    // One that came as a descriptor; its size and seals are checked.
    static Result<Scoreboard> open(OwnedFd memory);

    [[nodiscard]] std::span<WorkerRow> rows() const {
        return {static_cast<WorkerRow*>(memory_.start()), memory_.size() / sizeof(WorkerRow)};
    }
    // Those that a worker has or had, and some more: to read the others would take memory for them.
    [[nodiscard]] std::span<const WorkerRow> used_rows() const;
    [[nodiscard]] int fd() const { return memory_.fd(); }
    // For a ScoreboardView.
    [[nodiscard]] Result<OwnedFd> view() const;

  private:
    explicit Scoreboard(SealedMemory memory) : memory_(std::move(memory)) {}
    SealedMemory memory_;
};

// The same, for who may only read: the front.
class ScoreboardView {
  public:
    static Result<ScoreboardView> open(OwnedFd memory);
    [[nodiscard]] std::span<const WorkerRow> used_rows() const;

  private:
    explicit ScoreboardView(SealedMemory memory) : memory_(std::move(memory)) {}
    SealedMemory memory_;
};

}  // namespace bundle::wire
