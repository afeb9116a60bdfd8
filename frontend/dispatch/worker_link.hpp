// The front's end of one worker's unix socket: requests out, answers in.
//
// Reading is one recvmsg for each readiness event; a small request is one sendmsg. A frame of data
// is passed on piece by piece as it arrives, so that a large answer is never gathered here. What a
// worker says is checked: one that breaks the order of frames loses its connection.
#pragma once
#include <uv.h>

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "frontend/client/uv_owner.hpp"
#include "frontend/dispatch/app_request.hpp"
#include "frontend/dispatch/route_lane.hpp"
#include "shared/base/owned_fd.hpp"
#include "shared/wire/messages.hpp"
#include "shared/wire/request_slots.hpp"
#include "shared/wire/sealed_memory.hpp"

namespace bundle {

class WorkerLink;
class WorkerPool;
struct WorkerProcess;

// A request that nobody wants the answer of any more, and that its worker still has.
struct LeftRequest {
    std::string id;
    std::chrono::steady_clock::time_point handed_over;
    std::chrono::steady_clock::time_point since;
};

// What a link tells its owner. After lost() the owner destroys the link, at the latest when the
// call is over.
class WorkerLinkOwner {
  public:
    // The first frame. False: not a worker for us, drop it.
    virtual bool worker_introduced(WorkerLink& link, const wire::Hello& hello) = 0;
    // It has done a request, and can take one more than before.
    virtual void worker_free(WorkerLink& link) = 0;
    // It is done with that one, or gone.
    virtual void left_request_ended(const WorkerLink& link, const LeftRequest& left) = 0;
    // It takes no new request, but ends those that it has.
    virtual void worker_retires(WorkerLink& link) = 0;
    virtual void worker_lost(WorkerLink& link) = 0;

  protected:
    ~WorkerLinkOwner() = default;
};

class WorkerLink {
  public:
    using Moment = std::chrono::steady_clock::time_point;
    // So long a worker that is idle may take to begin a request.
    static constexpr std::chrono::milliseconds kLongestStart{1000};

    // `slab` is the loop's, lent for the time of each read.
    WorkerLink(uv_loop_t* loop, OwnedFd socket, std::span<char> slab, WorkerLinkOwner& owner);
    WorkerLink(const WorkerLink&) = delete;
    WorkerLink& operator=(const WorkerLink&) = delete;
    ~WorkerLink();

    // Only when one of the next two says so. False: the worker is gone and has not got it.
    bool send(AppRequest& request);
    // It has nothing to do, and everything is written that it was sent.
    [[nodiscard]] bool is_idle() const { return running_.empty() && out_.empty() && !lost_; }
    // It serves one request, or closes what it answered one with, the last one was done quickly,
    // and it can have the next one ahead of its time: it will find that without going to sleep.
    [[nodiscard]] bool can_go_ahead() const {
        return quick_ && !running_.empty() && unanswered() < 2 &&
               !running_.back().place.is_bounded() && out_.empty() && !lost_ && !paused_;
    }
    [[nodiscard]] bool may_have_ahead() const { return running_.size() > 1; }
    // How long it has had the first request that it was sent ahead and has not begun.
    [[nodiscard]] std::optional<std::chrono::milliseconds> ahead_for() const;
    // That request, unless it is just being begun; it is not the worker's any more.
    AppRequest* take_back();
    // One of this worker's.
    [[nodiscard]] bool is_ahead(const AppRequest& request) const {
        return running_.front().request != &request && !slots_->has_begun(request.stream);
    }
    // Nobody wants the answer any more.
    void cancel(AppRequest& request);
    // Its client has ended its side; the application may want to know.
    void client_ended(const AppRequest& request);
    // The sink has room again.
    void resume();
    // Adds the requests whose deadline has passed to `overdue`, and wants no answer to them any
    // more; their sinks are the caller's to tell. Returns the earliest deadline of the others.
    Moment take_overdue(Moment now, std::vector<AppRequest*>& overdue);
    // It was idle and has not begun the request that it got since, though it had all the time to:
    // it stands still, or a thread of its application keeps the others from running. `look_again`
    // is brought forward to when that can be said for sure.
    [[nodiscard]] bool is_stuck(Moment now, Moment& look_again);
    // That request, unless it is just being begun; it is not the worker's any more.
    AppRequest* take_back_unbegun();
    // It still works on such a request.
    [[nodiscard]] bool is_overdue() const;
    // Its log goes to `fd` from now on. False: it cannot be told now.
    bool continue_log_in(int fd);
    // It is told to leave: it has no request, and gets none any more.
    void drain();

    // What it works on; nullptr: nothing, or what nobody wants any more.
    [[nodiscard]] const AppRequest* serves() const {
        return running_.empty() ? nullptr : running_.front().request;
    }
    // Where its application counts (wire/app_metrics.hpp); empty: it does not, or on another link.
    [[nodiscard]] std::span<const char> metrics() const;
    [[nodiscard]] std::uint32_t pid() const { return pid_; }
    [[nodiscard]] std::uint32_t slot() const { return slot_; }
    // Its requests, oldest first, for the owner to decide upon when the link is lost; none are left
    // here.
    struct GivenUp {
        AppRequest* request = nullptr;
        bool begun = false;
    };
    std::vector<GivenUp> give_up_requests();

    std::uint32_t generation = 0;      // the owner's note
    std::uint32_t log_opening = 0;     // the owner's note: of which it was told
    WorkerPool* pool = nullptr;        // the owner's note
    bool retired = false;              // the owner's note: gets no new request
    WorkerProcess* process = nullptr;  // the owner's note

  private:
    // A request that this worker serves; `request` is nullptr when its client left, or has all of
    // the answer.
    struct Running {
        std::uint32_t stream = 0;
        AppRequest* request = nullptr;
        InFlight place;
        std::uint64_t sent = 0;  // the loop's time, in milliseconds
        bool answered = false;   // the worker closes what it answered with, and goes on then ...
        Moment close_by{};       // ... at the latest; zero: no deadline
        bool overdue = false;    // it ends the request too late, if at all
        bool late = false;       // to begin it
        std::optional<LeftRequest> left{};
    };

    void on_readable();
    void on_writable();
    // Takes frames off `bytes`; false: the worker broke the rules.
    bool take_frames(std::string_view bytes);
    bool take_some(std::string_view& bytes);
    bool take(const wire::Frame& frame);
    bool take_hello(const wire::Frame& frame, OwnedFd slots);
    bool take_metrics(OwnedFd memory);
    bool take_head(const wire::Frame& frame, AppRequest& request);
    bool take_file(const wire::Frame& frame, OwnedFd file, AppRequest& request);
    static bool take_cost(const wire::Frame& frame, AppRequest& request);
    static bool take_extension(const wire::Frame& frame, Running& running);
    bool take_end(const wire::Frame& frame, Running& running);
    void pass_data(std::uint32_t stream, std::string_view bytes);
    void finish_batch();
    void lose(std::string_view why);
    [[nodiscard]] std::uint64_t now() const { return uv_now(poll_->loop); }

    Running* find(std::uint32_t stream);
    // Only the first one can be answered already.
    [[nodiscard]] std::size_t unanswered() const {
        return running_.size() - (!running_.empty() && running_.front().answered ? 1 : 0);
    }
    [[nodiscard]] std::uint32_t next_stream() const;
    // What the worker answered before it began another request is closed.
    void forget_answered();
    [[nodiscard]] const Running* first_ahead() const;
    bool take_back(const Running& ahead);
    void leave(Running& running);
    void tell_left_ended(Running& running);
    void touch(AnswerSink* sink);
    bool write_out(int descriptor);
    void watch();

    WorkerLinkOwner& owner_;
    OwnedFd socket_;
    std::span<char> slab_;
    UvOwner<uv_poll_t> poll_;
    int watched_ = 0;  // the events that poll_ waits for

    bool introduced_ = false;
    bool lost_ = false;
    bool drained_ = false;
    bool paused_ = false;  // a client's buffer is full
    bool freed_ = false;   // a request ended in this batch
    std::uint32_t pid_ = 0;
    std::uint32_t slot_ = 0;
    std::uint32_t last_stream_ = 0;
    std::optional<wire::RequestSlots> slots_;
    std::optional<wire::SealedMemory> metrics_;
    std::vector<Running> running_;      // one answered, one being served, one ahead: what there is
    std::uint64_t began_ = 0;           // the one being served did; the loop's time
    bool quick_ = false;                // so was the last one that was served
    std::vector<AnswerSink*> touched_;  // told something in this batch

    std::string out_;                  // encoded, not yet sent
    OwnedFd out_descriptor_;           // to go with the first byte of out_
    std::string partial_;              // the beginning of a frame
    std::deque<OwnedFd> descriptors_;  // received, their frames still to come
    std::uint32_t data_stream_ = 0;    // a frame of data that is passed on in pieces
    std::size_t data_left_ = 0;        // bytes of it still to come
    wire::AnswerHead head_;            // reused
    Headers fields_;                   // reused
    Headers tls_;                      // likewise
};

}  // namespace bundle
