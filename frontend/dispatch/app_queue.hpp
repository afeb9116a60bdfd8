// The requests of one application that wait for a worker. Plain data and decisions: who is next,
// who gives way, who has waited for too long.
//
// Order. The oldest goes first, where a priority is worth a head start: "high" counts as queued a
// third of queue.timeout earlier than it was, "low" as much later. So a low one that has waited
// goes before a high one that has just come, and none starves. What came back from a worker that
// died, or that turned out to be slow, goes before all others.
//
// Overload. When the oldest, each time a worker becomes free, has waited for more than a twentieth
// of queue.timeout, and that for longer than a tenth of it, then the queue does not absorb a burst:
// it stands (the rule of CoDel, RFC 8289). First in, first out would now give every worker to the
// client that is next to lose patience, and most of that work would be for nobody; more waiting
// saves none of them. So the newest goes first, until nobody old is left: clients who are still
// there are answered at once, and those who were too many wait for a lull, leave, or are refused at
// queue.timeout. A priority is then worth the same head start, but who gets nothing for as long as
// that gets the next worker.
//
// Full. The newcomer is refused. If another client holds more than queue.share_per_ip of the places
// while the newcomer holds less, that one's newest gives way instead; in overload it is the oldest
// that gives way, that one's or of all.
//
// Routes. A request whose route has max_in_flight requests at workers is passed over.
#pragma once
#include <array>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

#include "frontend/dispatch/app_request.hpp"
#include "frontend/dispatch/client_shares.hpp"
#include "frontend/dispatch/route_lane.hpp"
#include "shared/config/config.hpp"

namespace bundle {

class AppQueue {
  public:
    using Moment = std::chrono::steady_clock::time_point;

    explicit AppQueue(const QueueConfig& limits);

    // Before anything else, of each request: it stays in its lane for good.
    void assign_lane(AppRequest& request);
    // Nobody who waits may go when there is an idle worker; then a newcomer may go if its lane has
    // room.
    [[nodiscard]] static bool may_go(const AppRequest& request) { return request.lane->has_room(); }

    [[nodiscard]] bool full() const { return size_ >= limits_.max; }
    [[nodiscard]] bool empty() const { return size_ == 0; }
    [[nodiscard]] std::size_t size() const { return size_; }
    // Those of routes that bound their number have a route's name.
    [[nodiscard]] const std::vector<std::unique_ptr<RouteLane>>& lanes() const { return lanes_; }
    [[nodiscard]] bool newest_first() const { return newest_first_; }
    // Of those who wait for a worker, and not for their route's turn.
    [[nodiscard]] std::chrono::milliseconds longest_wait(Moment now) const;

    // Since when the oldest waits; nothing: nobody does.
    [[nodiscard]] std::optional<Moment> waits_since() const;

    void push(AppRequest& request);
    void remove(AppRequest& request);
    // Whose turn it is, when a worker is free; it stays in the queue until served(). nullptr:
    // nobody waits who may go.
    AppRequest* next(Moment now);
    void served(AppRequest& request, Moment now);

    // Everybody, who then waits elsewhere: those that go first come first.
    std::vector<AppRequest*> take_all();

    // Whose place in a full queue goes to `newcomer`; nullptr: nobody's.
    [[nodiscard]] AppRequest* gives_way_to(const AppRequest& newcomer) const;
    // Takes out one request that has waited for longer than it may; nullptr when there is none.
    AppRequest* pop_expired(Moment now);

  private:
    using List = RequestList<&AppRequest::in_lane>;

    [[nodiscard]] List& list_of(const AppRequest& request) {
        return request.came_back ? returned_ : request.lane->waiting;
    }
    enum class Whom { Anybody, WhoMayGo };
    // Among those at one end of their lanes the one whose rank, a duration, is least; nullptr:
    // nobody waits.
    template <typename Rank>
    [[nodiscard]] AppRequest* least(Whom whom, AppRequest& (List::*end)() const, Rank rank) const;
    [[nodiscard]] AppRequest* first_returned() const;
    [[nodiscard]] AppRequest* oldest(Moment now) const;
    [[nodiscard]] AppRequest* newest(Moment now) const;
    void judge(Moment now);

    [[nodiscard]] std::chrono::milliseconds head_start(const AppRequest& request) const;

    QueueConfig limits_;
    // One for each priority, then those of routes that bound their number, as they come.
    std::vector<std::unique_ptr<RouteLane>> lanes_;
    List returned_;
    ClientShares shares_;
    std::size_t size_ = 0;
    std::array<Moment, kPriorities> served_at_{};
    std::optional<Moment> stands_since_;  // by what workers that became free have found
    bool newest_first_ = false;
};

}  // namespace bundle
