// What the master decides: which child is to be started, told or killed, and when. Plain data:
// events and the time go in, steps come out; the loop in master.cpp carries them out.
//
//   Starting -> Serving -> NotReady -> DrainingFront -> DrainingApps -> Over
//       |          |          |             |                |           ^
//       +----------+----------+-------------+----------------+-> Hurrying -> Killing
//
// A child that ends while it should run is started again: at once the first time, then after 100
// ms, 200 ms, ... up to 10 s as long as it keeps dying young. In DrainingFront the applications are
// still kept alive, because the front still has requests for them.
//
// A reload adds the arbiters of its generation as candidates, which are started once. It ends with
// commit(): they are kept alive from then on and those before them retire, also where those never
// got ready; or with abandon(): they go. An upgrade has a front among its candidates: the front
// before hands over and leaves when its clients are done, and the arbiters before serve it until
// then.
#pragma once
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

namespace bundle {

using std::chrono::milliseconds;

// The front is child 0; at the start, the arbiter of application i is child i + 1. A number is
// never used again.
using ChildNumber = std::size_t;
inline constexpr ChildNumber kFront = 0;
constexpr ChildNumber arbiter_of(std::size_t app) { return app + 1; }

enum class Phase {
    Starting,
    Serving,
    NotReady,  // serves as before, for drain_delay
    DrainingFront,
    DrainingApps,
    Hurrying,
    Killing,
    Over
};
enum class StopKind { Graceful, Fast };
// Of a graceful stop: server.drain_delay, then at most server.drain_timeout.
struct StopTimes {
    milliseconds drain_timeout{};
    milliseconds drain_delay{};

    [[nodiscard]] milliseconds both() const { return drain_delay + drain_timeout; }
};

struct Ending {
    int status = 0;
    int signal = 0;  // 0: it exited by itself
};

class Supervision {
  public:
    using Moment = std::chrono::steady_clock::time_point;

    static constexpr milliseconds kFirstDelay{100};
    static constexpr milliseconds kLongestDelay{10'000};
    static constexpr milliseconds kYoung{10'000};  // who dies before this age died young
    static constexpr milliseconds kHurryTimeout{3'000};

    enum class Order { Start, NotReady, Retire, HandOver, Drain, Hurry, Kill };
    struct Step {
        Order order{};
        ChildNumber child = 0;
        bool operator==(const Step&) const = default;
    };

    Supervision(std::size_t apps, StopTimes times);

    // What is to be done now. Every Start is answered by started() or died().
    std::vector<Step> due(Moment now);
    // When due() has something to say again, if nothing happens before.
    [[nodiscard]] std::optional<Moment> next_due() const;

    void started(ChildNumber child, Moment now);
    // Also for one that could not be started. Returns how long it waits for its next start; nothing
    // when it has none.
    std::optional<milliseconds> died(ChildNumber child, Ending ending, Moment now);
    void front_ready();
    void workers_ready(std::size_t app, std::uint32_t count);
    // Asked again, it goes one step faster. A reload has to be abandoned before.
    void stop(StopKind how, Moment now);
    // Ends everything; serve leaves with `exit_status`.
    void give_up(int exit_status, Moment now);

    ChildNumber add_front_candidate();
    // The first of `apps` numbers in a row.
    ChildNumber add_candidates(std::size_t apps);
    // Whoever retires is killed when it is still there after `leave_within`.
    void commit(milliseconds leave_within, StopTimes times, Moment now);
    void abandon(Moment now);
    // The same for an upgrade: the front has `hand_over_within`, then its arbiters `leave_within`.
    void commit_upgrade(milliseconds hand_over_within, milliseconds leave_within, StopTimes times,
                        Moment now);

    [[nodiscard]] Phase phase() const { return phase_; }
    [[nodiscard]] bool stopping() const { return phase_ > Phase::Serving; }
    [[nodiscard]] int exit_status() const { return exit_status_; }

    enum class Role { Kept, Candidate, Leaving };
    enum class Life { Waiting, Running, Gone };
    struct Child {
        bool is_front = false;
        Role role = Role::Kept;
        Life life = Life::Waiting;
        Moment since{};  // Waiting: when it is due. Running: when it was started
        int young_deaths = 0;
        std::optional<Moment> hurry_at{};
        std::optional<Moment> kill_at{};
        std::optional<ChildNumber> serves{};  // Leaving: the front that it leaves after ...
        milliseconds leave_within{};          // ... in this time
    };
    using Children = std::map<ChildNumber, Child>;

    // One that serves, and whose children another program of this process has started.
    static Supervision resumed(Children children, ChildNumber next, std::size_t apps,
                               StopTimes times);
    [[nodiscard]] const Children& children() const { return children_; }
    [[nodiscard]] ChildNumber next_number() const { return next_number_; }

  private:
    struct Rule;
    static const Rule* rule_of(Phase phase);

    [[nodiscard]] bool wanted(const Child& child) const;
    // Of those in that role who do not run, which are forgotten.
    void forget(Role role);
    void dismiss(Children::value_type& child, Order order, Moment kill_at);
    void keep_candidates();
    void served_front_is_gone(ChildNumber front, Moment now);
    [[nodiscard]] bool any_running(const Rule& rule) const;
    void enter(Phase phase, Moment now);
    void pass_on(Moment now);
    void drain(Moment now);
    void tell_fronts_not_ready();
    void become_ready_if_all_are();
    static milliseconds delay_after(Child& child, milliseconds age);

    Phase phase_ = Phase::Starting;
    Children children_;
    ChildNumber next_number_ = 0;
    std::vector<bool> app_ready_;
    bool front_ready_ = false;
    StopTimes times_;
    std::optional<Moment> deadline_;
    std::vector<Step> steps_;
    int exit_status_ = 0;
};

}  // namespace bundle
