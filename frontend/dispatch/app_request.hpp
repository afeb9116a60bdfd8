// One request on its way to a worker and back, as the dispatcher sees it, and who wants its answer.
#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "frontend/request/body_buffer.hpp"
#include "frontend/request/forwarded.hpp"
#include "frontend/request/request_head.hpp"
#include "frontend/request/request_start.hpp"
#include "shared/base/owned_fd.hpp"
#include "shared/wire/messages.hpp"

namespace bundle {

class WorkerLink;
class WorkerPool;
struct ClientShare;
struct QueuePolicy;
struct RouteLane;

// Takes an answer as it comes: head, then data and files in any order, then the end; or, in place
// of all that, a refusal. Views are good for the call. answer_flush() follows when everything that
// arrived together has been told. A sink that goes away withdraws its request first, and stays
// valid until the event loop's turn is over.
class AnswerSink {
  public:
    virtual void answer_head(const wire::AnswerHead& head) = 0;
    virtual void answer_interim(const wire::AnswerHead& head) = 0;  // before that, any number
    virtual void answer_data(std::string_view bytes) = 0;
    virtual void answer_file(OwnedFd file, const wire::File& piece) = 0;
    virtual void answer_end(wire::Outcome outcome) = 0;
    // No worker answers: 502, 503; or not in time: 504, which breaks off an answer that has begun.
    virtual void answer_refused(const Refusal& refusal) = 0;
    virtual void answer_flush() = 0;
    // The buffer for the client is full: the worker must wait until Dispatcher::resume().
    [[nodiscard]] virtual bool answer_full() const = 0;

  protected:
    ~AnswerSink() = default;
};

struct AppRequest;

// A request's neighbours in a list (request_list.hpp).
struct RequestLinks {
    AppRequest* before = nullptr;
    AppRequest* after = nullptr;
};

// Everything it points to outlives it or its withdrawal.
struct AppRequest {
    const RequestHead* head = nullptr;
    const BodyBuffer* body = nullptr;
    AnswerSink* sink = nullptr;
    ClientFacts client;
    RequestStart start;  // of which `client` has a view
    const TrustRules* trust = nullptr;
    std::string_view request_id;
    std::chrono::steady_clock::time_point received;  // first byte of the head
    std::chrono::steady_clock::time_point queued;    // complete
    std::uint32_t generation = 1;                    // of the snapshot that it began with
    std::uint32_t app = 0;                           // index into that one's Config::apps
    std::string_view mount;                          // the beginning of head->path: SCRIPT_NAME
    std::chrono::milliseconds timeout{};             // of its work; zero: none
    const QueuePolicy* queueing = nullptr;           // of its route, if that has one
    std::string_view counted_as;  // address of the client whose share of the queue it takes

    // The dispatcher's own notes.
    std::chrono::steady_clock::time_point handed_over;  // to a worker, the last time; zero: not yet
    std::chrono::steady_clock::time_point deadline;     // of that; zero: none
    std::uint32_t worker_slot = 0;                      // the worker that had it last
    std::uint32_t worker_pid = 0;                       // likewise; 0: none
    std::optional<wire::Cost> cost;                     // as that one told
    bool tried = false;                                 // a worker died with it once
    bool came_back = false;        // from a worker that did not begin or end it: goes first
    bool answer_begun = false;     // its head has been told to the sink
    WorkerPool* pool = nullptr;    // where it waits, or is served
    WorkerLink* worker = nullptr;  // which serves it now
    std::uint32_t stream = 0;      // on that worker's socket
    bool in_queue = false;
    RouteLane* lane = nullptr;
    ClientShare* share = nullptr;
    RequestLinks in_lane;
    RequestLinks of_client;
};

}  // namespace bundle
