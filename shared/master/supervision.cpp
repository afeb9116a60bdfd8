#include "shared/master/supervision.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "shared/base/exit_status.hpp"

namespace bundle {

namespace {

enum class Whom { Front, Apps, All };

constexpr bool concerns(Whom whom, const Supervision::Child& child) {
    return whom == Whom::All || (whom == Whom::Front) == child.is_front;
}

// A child that leaves like this before we ever served will do so again: its configuration is wrong,
// its workers do not boot, or the application cannot be loaded. Trying on would hide the reason
// behind a wall of retries.
constexpr std::array kHopeless = {kExitUsage, kExitWorkerFailed, kExitAppNotLoaded};

}  // namespace

// How a phase of the stop begins and ends. DrainingApps has no deadline of its own: drain_timeout
// bounds both.
struct Supervision::Rule {
    Phase phase;
    Order order;  // sent when the phase begins ...
    Whom whom;    // ... to these, and the phase ends when they are gone
    Phase when_gone;
    Phase on_expiry;
};

const Supervision::Rule* Supervision::rule_of(Phase phase) {
    static constexpr std::array kRules = {
        Rule{Phase::DrainingFront, Order::Drain, Whom::Front, Phase::DrainingApps, Phase::Hurrying},
        Rule{Phase::DrainingApps,  Order::Drain, Whom::Apps,  Phase::Over,         Phase::Hurrying},
        Rule{Phase::Hurrying,      Order::Hurry, Whom::All,   Phase::Over,         Phase::Killing },
        Rule{Phase::Killing,       Order::Kill,  Whom::All,   Phase::Over,         Phase::Killing },
    };
    const auto* found = std::ranges::find(kRules, phase, &Rule::phase);
    return found == kRules.end() ? nullptr : found;
}

Supervision::Supervision(std::size_t apps, StopTimes times)
    : app_ready_(apps, false), times_(times) {
    while (next_number_ <= apps) {
        children_.emplace(next_number_, Child{.is_front = next_number_ == kFront});
        ++next_number_;
    }
}

Supervision Supervision::resumed(Children children, ChildNumber next, std::size_t apps,
                                 StopTimes times) {
    Supervision supervision(apps, times);
    supervision.children_ = std::move(children);
    supervision.next_number_ = next;
    supervision.phase_ = Phase::Serving;
    return supervision;
}

std::vector<Supervision::Step> Supervision::due(Moment now) {
    if (deadline_ && now >= *deadline_) {
        deadline_.reset();
        if (phase_ == Phase::NotReady) {
            drain(now);
        } else {
            enter(rule_of(phase_)->on_expiry, now);
        }
    }
    for (auto& [number, child] : children_) {
        if (child.life == Life::Waiting && child.since <= now && wanted(child))
            steps_.push_back({Order::Start, number});
        if (child.life == Life::Running && child.hurry_at && now >= *child.hurry_at) {
            child.hurry_at.reset();
            steps_.push_back({Order::Hurry, number});
        }
        if (child.life == Life::Running && child.kill_at && now >= *child.kill_at) {
            child.kill_at.reset();
            steps_.push_back({Order::Kill, number});
        }
    }
    return std::exchange(steps_, {});
}

std::optional<Supervision::Moment> Supervision::next_due() const {
    std::optional<Moment> next = deadline_;
    for (const auto& [number, child] : children_) {
        std::optional<Moment> due = child.hurry_at ? child.hurry_at : child.kill_at;
        if (child.life == Life::Waiting && wanted(child)) due = child.since;
        if (due) next = std::min(next.value_or(*due), *due);
    }
    return next;
}

void Supervision::started(ChildNumber child, Moment now) {
    children_.at(child).life = Life::Running;
    children_.at(child).since = now;
}

std::optional<milliseconds> Supervision::died(ChildNumber child, Ending ending, Moment now) {
    Child& it = children_.at(child);
    const auto age = it.life == Life::Running
                         ? std::chrono::duration_cast<milliseconds>(now - it.since)
                         : milliseconds::zero();
    it.life = Life::Gone;
    if (it.is_front) {
        served_front_is_gone(child, now);
        front_ready_ = false;
        std::fill(app_ready_.begin(), app_ready_.end(), false);  // the next front counts anew
    }
    if (phase_ == Phase::Starting && it.role == Role::Kept && ending.signal == 0 &&
        std::ranges::find(kHopeless, ending.status) != kHopeless.end()) {
        give_up(ending.status, now);
        return std::nullopt;
    }
    const bool stays = it.role == Role::Kept;
    const bool starts_again = stays && wanted(it);
    if (!stays) children_.erase(child);
    if (!starts_again) {
        pass_on(now);
        return std::nullopt;
    }
    const milliseconds delay = delay_after(it, age);
    it.life = Life::Waiting;
    it.since = now + delay;
    return delay;
}

milliseconds Supervision::delay_after(Child& child, milliseconds age) {
    if (age >= kYoung) child.young_deaths = 0;
    const int before = child.young_deaths++;
    if (before == 0) return milliseconds::zero();
    constexpr int kEnoughDoublings = 10;  // beyond kLongestDelay, well below an overflow
    return std::min(kFirstDelay * (1 << std::min(before - 1, kEnoughDoublings)), kLongestDelay);
}

void Supervision::front_ready() {
    front_ready_ = true;
    if (phase_ == Phase::NotReady) tell_fronts_not_ready();
    become_ready_if_all_are();
}

void Supervision::workers_ready(std::size_t app, std::uint32_t count) {
    if (phase_ != Phase::Starting) return;
    app_ready_.at(app) = count > 0;
    become_ready_if_all_are();
}

void Supervision::become_ready_if_all_are() {
    if (phase_ != Phase::Starting || !front_ready_) return;
    if (std::ranges::all_of(app_ready_, [](bool ready) { return ready; })) phase_ = Phase::Serving;
}

void Supervision::stop(StopKind how, Moment now) {
    if (phase_ >= Phase::Killing) return;
    if (phase_ == Phase::Hurrying) return enter(Phase::Killing, now);
    if (how == StopKind::Fast || stopping()) return enter(Phase::Hurrying, now);
    // One that is not ready yet has nobody to serve on for.
    if (phase_ == Phase::Starting || times_.drain_delay == milliseconds::zero()) return drain(now);
    phase_ = Phase::NotReady;
    deadline_ = now + times_.drain_delay;
    tell_fronts_not_ready();
}

void Supervision::tell_fronts_not_ready() {
    for (const auto& [number, child] : children_)
        if (child.is_front && child.life == Life::Running)
            steps_.push_back({Order::NotReady, number});
}

void Supervision::drain(Moment now) {
    deadline_ = now + times_.drain_timeout;
    enter(Phase::DrainingFront, now);
}

void Supervision::give_up(int exit_status, Moment now) {
    if (stopping()) return;
    exit_status_ = exit_status;
    enter(Phase::Hurrying, now);
}

ChildNumber Supervision::add_front_candidate() {
    children_.emplace(next_number_, Child{.is_front = true, .role = Role::Candidate});
    return next_number_++;
}

ChildNumber Supervision::add_candidates(std::size_t apps) {
    const ChildNumber first = next_number_;
    while (next_number_ < first + apps)
        children_.emplace(next_number_++, Child{.role = Role::Candidate});
    return first;
}

void Supervision::commit(milliseconds leave_within, StopTimes times, Moment now) {
    times_ = times;
    if (phase_ == Phase::Starting) phase_ = Phase::Serving;
    std::erase_if(children_, [](const auto& entry) {
        const Child& child = entry.second;
        return !child.is_front && child.role == Role::Kept && child.life != Life::Running;
    });
    for (auto& entry : children_)
        if (!entry.second.is_front && entry.second.role == Role::Kept)
            dismiss(entry, Order::Retire, now + leave_within);
    keep_candidates();
}

void Supervision::commit_upgrade(milliseconds hand_over_within, milliseconds leave_within,
                                 StopTimes times, Moment now) {
    times_ = times;
    forget(Role::Kept);
    std::optional<ChildNumber> front;
    for (auto& entry : children_) {
        auto& [number, child] = entry;
        if (child.role != Role::Kept) continue;
        if (child.is_front) {
            front = number;
            child.hurry_at = now + hand_over_within;
            dismiss(entry, Order::HandOver, *child.hurry_at + kHurryTimeout);
        } else if (front) {  // which comes first, as its number is the least
            child.role = Role::Leaving;
            child.serves = front;
            child.leave_within = leave_within;
        } else {
            dismiss(entry, Order::Drain, now + leave_within);
        }
    }
    keep_candidates();
}

void Supervision::served_front_is_gone(ChildNumber front, Moment now) {
    for (auto& entry : children_) {
        if (entry.second.serves != front) continue;
        entry.second.serves.reset();
        dismiss(entry, Order::Drain, now + entry.second.leave_within);
    }
}

void Supervision::abandon(Moment now) {
    forget(Role::Candidate);
    for (auto& entry : children_)
        if (entry.second.role == Role::Candidate) dismiss(entry, Order::Hurry, now + kHurryTimeout);
}

void Supervision::keep_candidates() {
    for (auto& [number, child] : children_)
        if (child.role == Role::Candidate) child.role = Role::Kept;
}

void Supervision::forget(Role role) {
    std::erase_if(children_, [role](const auto& entry) {
        return entry.second.role == role && entry.second.life != Life::Running;
    });
}

void Supervision::dismiss(Children::value_type& child, Order order, Moment kill_at) {
    child.second.role = Role::Leaving;
    child.second.kill_at = kill_at;
    steps_.push_back({order, child.first});
}

bool Supervision::wanted(const Child& child) const {
    if (child.role == Role::Leaving) return false;
    return phase_ <= Phase::NotReady || (phase_ == Phase::DrainingFront && !child.is_front);
}

bool Supervision::any_running(const Rule& rule) const {
    return std::ranges::any_of(children_, [&](const auto& entry) {
        return concerns(rule.whom, entry.second) && entry.second.life == Life::Running;
    });
}

void Supervision::enter(Phase phase, Moment now) {
    phase_ = phase;
    const Rule* rule = rule_of(phase);
    if (phase == Phase::Hurrying) deadline_ = now + kHurryTimeout;
    if (phase >= Phase::Killing)
        deadline_.reset();  // nobody survives it; there is nothing else to do
    if (rule == nullptr) return;

    for (const auto& [number, child] : children_) {
        if (concerns(rule->whom, child) && child.life == Life::Running)
            steps_.push_back({rule->order, number});
    }
    pass_on(now);
}

void Supervision::pass_on(Moment now) {
    const Rule* rule = rule_of(phase_);
    if (rule != nullptr && !any_running(*rule)) enter(rule->when_gone, now);
}

}  // namespace bundle
