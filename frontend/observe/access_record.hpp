// What is known of a request when it is over: everything that a line of the access log may tell.
#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "shared/config/access_format.hpp"
#include "shared/http/headers.hpp"

namespace bundle {

// The moments at which a request went on, by the monotonic clock; zero: it never did.
struct RequestTimes {
    using Moment = std::chrono::steady_clock::time_point;
    using Length = std::chrono::nanoseconds;

    bool asked_app = false;  // it waited for a worker from `whole` on
    Moment received;         // its first byte
    Moment whole;            // it is there, or what came of it was refused
    Moment handed_over;      // to a worker
    Moment first;            // the head of the application's answer was there
    Moment done;             // the application has answered
    Moment sent;             // the kernel has all of the answer; or it was given up

    // Nothing: there was no such part.
    [[nodiscard]] std::optional<Length> of(TimePart part) const;
};

struct AccessRecord {
    std::string_view client = {};  // address; "" prints "-"
    std::string_view user = {};    // of Basic authorization; "" prints "-"
    std::string_view method = {};  // "" when the head could not be read,
    std::string_view target = {};  // and this is the begin of its first line
    std::string_view protocol = {};
    std::uint16_t status = 0;      // 499: the client left before the answer began
    std::uint64_t body_bytes = 0;  // sent
    std::string_view referer = {};
    std::string_view user_agent = {};

    // What only other formats than the combined one tell.
    std::string_view client_port = {};
    std::string_view path = {};
    std::string_view mount = {};  // of the path, SCRIPT_NAME
    std::string_view query = {};
    std::string_view host = {};
    std::string_view scheme = {};
    std::string_view tls_protocol = {};  // "": none
    std::string_view server_port = {};
    const Headers* fields = nullptr;                  // of the request
    std::span<const std::string> answer_fields = {};  // see AccessLine::answer_fields()
    std::uint64_t request_bytes = 0;
    std::uint64_t bytes = 0;  // sent
    std::string_view request_id = {};
    std::string_view trace_id = {};  // see trace_context.hpp; "": none
    std::string_view site = {};
    std::string_view route = {};
    std::string_view app = {};                            // "": it was never asked
    std::uint32_t worker = 0;                             // its number
    std::uint32_t worker_pid = 0;                         // 0: none had it
    std::optional<RequestTimes::Length> worker_cpu = {};  // nothing: not measured
    std::optional<std::int64_t> worker_memory = {};       // bytes that it grew by; likewise
    std::string_view reason = {};  // why it was not answered as it should have been
    RequestTimes times = {};
};

}  // namespace bundle
