#include "backend/worker_table.hpp"

#include <algorithm>

#include "shared/base/check.hpp"

namespace bundle {

std::optional<std::uint32_t> WorkerTable::due(Moment now) const {
    if (!spawning_) return std::nullopt;
    for (std::uint32_t i = 0; i < slots_.size(); ++i)
        if (is_empty(i) && slots_[i].due <= now) return i;
    return std::nullopt;
}

std::optional<WorkerTable::Moment> WorkerTable::next_due() const {
    std::optional<Moment> next;
    if (!spawning_) return next;
    for (std::uint32_t i = 0; i < slots_.size(); ++i)
        if (is_empty(i) && (!next || slots_[i].due < *next)) next = slots_[i].due;
    return next;
}

void WorkerTable::born(std::uint32_t slot, pid_t pid, Moment now) {
    BUNDLE_CHECK(slots_.at(slot).pid == 0);
    slots_[slot].pid = pid;
    slots_[slot].born = now;
}

void WorkerTable::not_born(std::uint32_t slot, Moment now) {
    // The first young death is forgiven because an idle worker may be killed by accident; a fork
    // that was refused will be refused again a microsecond later.
    slots_.at(slot).young_deaths = std::max(slots_[slot].young_deaths, 1);
    wait_longer(slots_[slot], now);
}

void WorkerTable::died(std::uint32_t slot, Reached reached, Moment now) {
    Slot& dead = slots_.at(slot);
    BUNDLE_CHECK(dead.pid != 0);
    dead.pid = 0;
    if (replacement_ && replacement_->old == slot) {
        replacement_.reset();
        spare_ = slot;
    }
    const bool young = reached == Reached::Boot && now - dead.born < kYoung;
    if (reached == Reached::Nothing || young) {
        wait_longer(dead, now);
    } else {
        dead.young_deaths = 0;
        dead.due = now;
    }
}

void WorkerTable::replace(std::uint32_t slot) {
    BUNDLE_CHECK(slots_.at(slot).pid != 0 && spare_);
    slots_[*spare_].young_deaths = 0;
    slots_[*spare_].due = {};
    replacement_ = Replacement{.old = slot, .successor = *spare_};
    spare_.reset();
}

void WorkerTable::wait_longer(Slot& slot, Moment now) {
    constexpr int kMostDoublings = 16;
    ++slot.young_deaths;
    if (slot.young_deaths == 1) {
        slot.due = now;
        return;
    }
    const int doublings = std::min(slot.young_deaths - 2, kMostDoublings);
    slot.due = now + std::min(kFirstDelay * (1 << doublings), kLongestDelay);
}

std::vector<WorkerTable::Worker> WorkerTable::running() const {
    std::vector<Worker> workers;
    for (std::uint32_t i = 0; i < slots_.size(); ++i)
        if (slots_[i].pid != 0) workers.push_back({i, slots_[i].pid, slots_[i].born});
    return workers;
}

}  // namespace bundle
