// Which workers run and when a missing one is due: plain data and decisions. It starts no process,
// sends no signal and has no clock of its own.
//
// A slot whose worker died gets the next one at once. When that one dies before it saw a request,
// something is wrong with booting, and the slot waits: 100 ms, 200 ms, ... up to 10 s, so that a
// broken application does not turn into a fork bomb. Each slot waits for itself: one bad worker
// does not hold up the others.
//
// One slot is spare: nobody is due there until a worker is to be replaced. Its successor is born in
// the spare slot, and the slot that it leaves is the next spare one.
#pragma once
#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

namespace bundle {

// How far a worker got: not even to be ready, to be ready, or to a request. After the last, the
// next one need not wait.
enum class Reached { Nothing, Boot, Requests };

class WorkerTable {
  public:
    using Moment = std::chrono::steady_clock::time_point;
    using Duration = std::chrono::steady_clock::duration;

    static constexpr std::chrono::milliseconds kFirstDelay{100};
    static constexpr std::chrono::milliseconds kLongestDelay{10'000};
    // One that sat idle this long before it died booted well, too.
    static constexpr std::chrono::milliseconds kYoung{1'000};

    struct Worker {
        std::uint32_t slot = 0;
        pid_t pid = 0;
        Moment born;
    };

    explicit WorkerTable(std::uint32_t workers)
        : slots_(workers + 1), wanted_(workers), spare_(workers) {}

    // So many workers from now on. Those that are too many, in the highest slots, are surplus: they
    // keep their slots until they are gone.
    void resize(std::uint32_t workers);
    [[nodiscard]] std::uint32_t wanted() const { return wanted_; }
    [[nodiscard]] std::uint32_t slots() const { return static_cast<std::uint32_t>(slots_.size()); }
    // Surplus workers that have not been told to leave yet; those who are told have time until
    // `leave_by`.
    std::vector<Worker> dismiss_surplus(Moment leave_by);
    // One that is told to leave in another way.
    void dismiss(std::uint32_t slot, Moment leave_by);
    // Dismissed ones whose time is over, each once unless it is dismissed again.
    std::vector<Worker> overdue(Moment now);

    // A slot that should get a worker now.
    [[nodiscard]] std::optional<std::uint32_t> due(Moment now) const;
    // When the next slot will be due, or a dismissed worker overdue.
    [[nodiscard]] std::optional<Moment> next_due() const;

    void born(std::uint32_t slot, pid_t pid, Moment now);
    // There was no process to be had: the slot waits as if its worker had died young.
    void not_born(std::uint32_t slot, Moment now);
    // Returns how long the slot waits for the next one.
    Duration died(std::uint32_t slot, Reached reached, Moment now);

    // One worker that another one is to take the place of.
    struct Replacement {
        std::uint32_t old = 0;
        std::uint32_t successor = 0;
        bool told = false;  // the old one has been told to leave
        bool operator==(const Replacement&) const = default;
    };
    // Of a worker that runs, when there is no other replacement.
    void replace(std::uint32_t slot);
    void told_to_leave() { replacement_->told = true; }
    // Until the old one is gone, however it ends.
    [[nodiscard]] const std::optional<Replacement>& replacement() const { return replacement_; }

    // From now on nobody is due.
    void stop_spawning() { spawning_ = false; }

    [[nodiscard]] std::vector<Worker> running() const;

  private:
    struct Slot {
        pid_t pid = 0;  // 0: empty
        Moment born;
        Moment due;
        int young_deaths = 0;  // in a row
        enum class Told { No, ToLeave, Everything } told = Told::No;
        Moment leave_by{};
    };

    static void wait_longer(Slot& slot, Moment now);
    [[nodiscard]] bool is_wanted(std::uint32_t slot) const {
        return slot <= wanted_ && slot != spare_;
    }

    std::vector<Slot> slots_;
    std::uint32_t wanted_;                // in the slots 0 to wanted_, but for the spare one
    std::optional<std::uint32_t> spare_;  // none during a replacement
    std::optional<Replacement> replacement_;
    bool spawning_ = true;
};

}  // namespace bundle
