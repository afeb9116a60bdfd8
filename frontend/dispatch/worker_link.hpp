// The front's end of one worker's unix socket: requests out, answers in.
//
// Reading is one recvmsg for each readiness event; a small request is one sendmsg. A frame of data
// is passed on piece by piece as it arrives, so that a large answer is never gathered here. What a
// worker says is checked: one that breaks the order of frames loses its connection.
#pragma once
#include <uv.h>

#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "frontend/client/uv_owner.hpp"
#include "frontend/dispatch/app_request.hpp"
#include "shared/base/owned_fd.hpp"
#include "shared/wire/messages.hpp"

namespace bundle {

class WorkerLink;
struct WorkerProcess;

// What a link tells its owner. After lost() the owner destroys the link, at the latest when the
// call is over.
class WorkerLinkOwner {
  public:
    // The first frame. False: not a worker for us, drop it.
    virtual bool worker_introduced(WorkerLink& link, const wire::Hello& hello) = 0;
    // It can take `free_capacity()` more requests than before.
    virtual void worker_free(WorkerLink& link) = 0;
    // It takes no new request, but ends those that it has.
    virtual void worker_retires(WorkerLink& link) = 0;
    // `unread`: the kernel says that the worker died with bytes of ours that it had not read.
    virtual void worker_lost(WorkerLink& link, bool unread) = 0;

  protected:
    ~WorkerLinkOwner() = default;
};

class WorkerLink {
  public:
    // `slab` is the loop's, lent for the time of each read.
    WorkerLink(uv_loop_t* loop, OwnedFd socket, std::span<char> slab, WorkerLinkOwner& owner);
    WorkerLink(const WorkerLink&) = delete;
    WorkerLink& operator=(const WorkerLink&) = delete;
    ~WorkerLink();

    // False: the worker is gone and has not got it.
    bool send(AppRequest& request);
    // Nobody wants the answer any more.
    void cancel(AppRequest& request);
    // Its client has ended its side; the application may want to know.
    void client_ended(const AppRequest& request);
    // The sink has room again.
    void resume();

    // How many more requests it can take now: none while one is still being written to it.
    [[nodiscard]] std::size_t free_capacity() const {
        return out_.empty() && !lost_ ? capacity_ - running_.size() : 0;
    }
    [[nodiscard]] bool idle() const { return running_.empty(); }
    [[nodiscard]] std::uint32_t pid() const { return pid_; }
    [[nodiscard]] std::uint32_t slot() const { return slot_; }
    // Its requests, for the owner to decide upon when the link is lost; none are left here.
    std::vector<AppRequest*> give_up_requests();

    std::uint32_t app = 0;             // the owner's note: index into Config::apps
    bool retired = false;              // the owner's note: gets no new request
    WorkerProcess* process = nullptr;  // the owner's note

  private:
    // A request that this worker serves; `request` is nullptr when its client left.
    struct Running {
        std::uint32_t stream = 0;
        AppRequest* request = nullptr;
    };

    void on_readable();
    void on_writable();
    // Takes frames off `bytes`; false: the worker broke the rules.
    bool take_frames(std::string_view bytes);
    bool take_some(std::string_view& bytes);
    bool take(const wire::Frame& frame);
    bool take_hello(const wire::Frame& frame);
    bool take_head(const wire::Frame& frame, AppRequest& request);
    bool take_file(const wire::Frame& frame, OwnedFd file, AppRequest& request);
    bool take_end(const wire::Frame& frame, Running running);
    void pass_data(std::uint32_t stream, std::string_view bytes);
    void finish_batch();
    void lose(bool unread, std::string_view why);

    Running* find(std::uint32_t stream);
    void touch(AnswerSink* sink);
    bool write_out(int descriptor);
    bool write_notice();
    void watch();

    WorkerLinkOwner& owner_;
    OwnedFd socket_;
    std::span<char> slab_;
    UvOwner<uv_poll_t> poll_;
    int watched_ = 0;  // the events that poll_ waits for

    bool introduced_ = false;
    bool lost_ = false;
    bool paused_ = false;  // a client's buffer is full
    bool freed_ = false;   // a request ended in this batch
    std::uint32_t pid_ = 0;
    std::uint32_t slot_ = 0;
    std::uint32_t capacity_ = 0;
    std::uint32_t last_stream_ = 0;
    std::vector<Running> running_;
    std::vector<AnswerSink*> touched_;  // told something in this batch

    std::string out_;                  // encoded, not yet sent
    bool request_unsent_ = false;      // some of out_ belongs to a request
    OwnedFd out_descriptor_;           // to go with the first byte of out_
    std::string partial_;              // the beginning of a frame
    std::deque<OwnedFd> descriptors_;  // received, their frames still to come
    std::uint32_t data_stream_ = 0;    // a frame of data that is passed on in pieces
    std::size_t data_left_ = 0;        // bytes of it still to come
    wire::AnswerHead head_;            // reused
    Headers fields_;                   // reused
};

}  // namespace bundle
