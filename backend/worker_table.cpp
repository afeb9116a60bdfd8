#include "backend/worker_table.hpp"

#include <algorithm>

#include "shared/base/check.hpp"

namespace bundle {

std::optional<std::uint32_t> WorkerTable::due(Moment now) const {
    if (!spawning_) return std::nullopt;
    for (std::uint32_t i = 0; i < slots_.size(); ++i)
        if (slots_[i].pid == 0 && is_wanted(i) && slots_[i].due <= now) return i;
    return std::nullopt;
}

std::optional<WorkerTable::Moment> WorkerTable::next_due() const {
    std::optional<Moment> next;
    for (std::uint32_t i = 0; i < slots_.size(); ++i) {
        const Slot& slot = slots_[i];
        const bool empty = slot.pid == 0 && is_wanted(i) && spawning_;
        const bool leaves = slot.pid != 0 && slot.told == Slot::Told::ToLeave;
        if (!empty && !leaves) continue;
        const Moment due = empty ? slot.due : slot.leave_by;
        next = std::min(next.value_or(due), due);
    }
    return next;
}

void WorkerTable::born(std::uint32_t slot, pid_t pid, Moment now) {
    BUNDLE_CHECK(slots_.at(slot).pid == 0);
    slots_[slot].pid = pid;
    slots_[slot].born = now;
    slots_[slot].told = Slot::Told::No;
}

void WorkerTable::not_born(std::uint32_t slot, Moment now) {
    // The first young death is forgiven because an idle worker may be killed by accident; a fork
    // that was refused will be refused again a microsecond later.
    slots_.at(slot).young_deaths = std::max(slots_[slot].young_deaths, 1);
    wait_longer(slots_[slot], now);
}

WorkerTable::Duration WorkerTable::died(std::uint32_t slot, Reached reached, Moment now) {
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
    return dead.due - now;
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

void WorkerTable::resize(std::uint32_t workers) {
    wanted_ = workers;
    if (slots_.size() < workers + 1) slots_.resize(workers + 1);
    // One that is replaced may be among the surplus, or its successor.
    if (replacement_ && std::max(replacement_->old, replacement_->successor) > workers)
        replacement_.reset();
    if (replacement_) return;
    const bool is_gone = spare_.value_or(workers + 1) > workers;
    if (is_gone || slots_[workers].pid == 0) spare_ = workers;
}

std::vector<WorkerTable::Worker> WorkerTable::dismiss_surplus(Moment leave_by) {
    std::vector<Worker> dismissed;
    for (std::uint32_t i = 0; i < slots_.size(); ++i) {
        Slot& slot = slots_[i];
        if (slot.pid == 0 || is_wanted(i) || slot.told != Slot::Told::No) continue;
        dismiss(i, leave_by);
        dismissed.push_back({i, slot.pid, slot.born});
    }
    return dismissed;
}

void WorkerTable::dismiss(std::uint32_t slot, Moment leave_by) {
    slots_.at(slot).told = Slot::Told::ToLeave;
    slots_[slot].leave_by = leave_by;
}

std::vector<WorkerTable::Worker> WorkerTable::overdue(Moment now) {
    std::vector<Worker> late;
    for (std::uint32_t i = 0; i < slots_.size(); ++i) {
        Slot& slot = slots_[i];
        if (slot.pid == 0 || slot.told != Slot::Told::ToLeave || now < slot.leave_by) continue;
        slot.told = Slot::Told::Everything;
        late.push_back({i, slot.pid, slot.born});
    }
    return late;
}

std::vector<WorkerTable::Worker> WorkerTable::running() const {
    std::vector<Worker> workers;
    for (std::uint32_t i = 0; i < slots_.size(); ++i)
        if (slots_[i].pid != 0) workers.push_back({i, slots_[i].pid, slots_[i].born});
    return workers;
}

}  // namespace bundle
