// One request and its answer, alive from the first byte to the log line. What belongs to one
// request sits here and ends with it, so nothing leaks into the next. An idle connection has none.
#pragma once
#include <chrono>
#include <memory>
#include <vector>

#include "frontend/answer/framed_answer.hpp"
#include "frontend/answer/given_file.hpp"
#include "frontend/answer/internal_redirect.hpp"
#include "frontend/client/pace.hpp"
#include "frontend/compression/compressed_answer.hpp"
#include "frontend/dispatch/app_request.hpp"
#include "frontend/http1/request_parser.hpp"
#include "frontend/observe/access_record.hpp"
#include "frontend/observe/request_id.hpp"
#include "frontend/request/body_buffer.hpp"
#include "frontend/request/proxy_claims.hpp"
#include "frontend/request/request_head.hpp"
#include "frontend/route/route_rules.hpp"
#include "frontend/route/router.hpp"
#include "frontend/snapshot.hpp"

namespace bundle {

struct Exchange {
    explicit Exchange(std::shared_ptr<const Snapshot> with)
        : snapshot(std::move(with)), parser(snapshot->head_limits) {
        meet({.rules = &snapshot->router.rules_without_match()});
    }

    std::shared_ptr<const Snapshot> snapshot;
    RequestTimes times;
    RequestId id;

    http1::RequestParser parser;
    bool has_head = false;  // whole; until then nothing in `head` may be looked at
    RequestHead head;
    ProxyClaims claims;  // of a trusted proxy; else empty
    RouteMatch match;    // always with rules
    BodyBuffer body;
    AppRequest request;                            // when an application answers
    bool submitted = false;                        // it was asked
    bool in_maintenance = false;                   // it is not
    bool watches = false;                          // AdminPages tells how the answer goes on
    std::unique_ptr<InternalRedirect> redirect;    // when it leads to another answer
    std::unique_ptr<GivenFile> given;              // when it gives a file
    std::unique_ptr<CompressedAnswer> compressed;  // when it may be compressed

    Pace body_pace;
    Pace send_pace;
    std::uint64_t taken = 0;  // of the stream by its client, when we last looked; 0: not yet

    FramedAnswer answer;
    std::uint64_t answer_begins = 0;  // at this byte of the stream
    bool refused = false;             // the client may still be sending what nobody reads
    std::uint64_t behind = 0;         // bytes that came behind the request

    // For the access log.
    bool has_record = false;                 // in that already
    std::string reason;                      // why it is not answered as it should be; "": it is
    std::vector<std::string> answer_fields;  // see AccessLine

    void meet(const RouteMatch& route);
    // Ready for the next request; keeps capacities.
    void clear();
};

// Used exchanges, so that a request costs no allocations once the server is warm.
class ExchangePool {
  public:
    // One of `snapshot`.
    std::unique_ptr<Exchange> take(const std::shared_ptr<const Snapshot>& snapshot);
    // Kept when it is of `snapshot` as well: an earlier one is not held on to.
    void give_back(std::unique_ptr<Exchange> exchange,
                   const std::shared_ptr<const Snapshot>& snapshot);
    void forget() { unused_.clear(); }

  private:
    std::vector<std::unique_ptr<Exchange>> unused_;
};

}  // namespace bundle
