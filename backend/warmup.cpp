#include "backend/warmup.hpp"

#include <fmt/format.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <string>
#include <string_view>
#include <thread>

#include "backend/answer_writer.hpp"
#include "backend/frame_reader.hpp"
#include "backend/python/without_gil.hpp"
#include "shared/base/owned_fd.hpp"
#include "shared/http/url_path.hpp"

namespace bundle {

namespace {

struct Answered {
    std::uint16_t status = 500;
    wire::Outcome outcome = wire::Outcome::Aborted;
};

// True at the end of the answer.
bool note(const wire::Frame& frame, Answered& answered) {
    if (frame.header.type == wire::FrameType::AnswerHead) {
        wire::AnswerHead head;
        if (wire::decode_answer_head(frame.payload, head)) answered.status = head.status;
    }
    if (frame.header.type != wire::FrameType::End) return false;
    if (const auto end = wire::decode_end(frame.payload)) answered.outcome = end->outcome;
    return true;
}

// In the front's place. It runs beside the application, which may write more than a socket holds.
void take_answer(int socket, Answered& answered) {
    FrameReader reader(socket);
    for (;;) {
        const auto frame = reader.take();
        if (!frame) break;
        if (*frame) {
            if ((*frame)->header.has_descriptor()) reader.take_descriptor();
            if (note(**frame, answered)) break;
            continue;
        }
        const ssize_t received = reader.receive();
        if (received == 0 || (received < 0 && errno != EINTR)) break;
    }
    shutdown(socket, SHUT_RD);  // whoever still writes must not wait for us
}

struct Target {
    std::string_view host;
    std::string_view text;
};

wire::Request request_for(const Target& to, std::string& path) {
    const std::string_view target = to.text;
    const std::size_t question = target.find('?');
    wire::Request request;
    request.stream = 1;
    request.request_id = "warmup";
    request.method = "GET";
    request.target = target;
    resolve_path(target.substr(0, question), path);
    request.path = path;
    if (question != std::string_view::npos) request.query = target.substr(question + 1);
    request.protocol = "HTTP/1.1";
    request.scheme = "http";
    request.server_name = to.host;
    request.server_port = "80";
    request.remote_addr = "127.0.0.1";
    request.received = request.queued = std::chrono::steady_clock::now();
    request.fields = {
        {"host",       to.host        },
        {"user-agent", "bundle warmup"}
    };
    return request;
}

Result<Answered> ask(Gateway& gateway, const Target& target) {
    std::array<int, 2> ends{};
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
        return system_failure("make a pair of sockets for the warm-up");
    OwnedFd ours(ends[0]);
    const OwnedFd theirs(ends[1]);
    Answered answered;
    std::thread taker([&] { take_answer(theirs.get(), answered); });
    std::string path;
    {
        AnswerWriter writer(ours.get());
        gateway.serve(request_for(target, path), {}, writer);
    }
    ours = {};
    const WithoutGil others_run;
    taker.join();
    return answered;
}

}  // namespace

Result<void> warm_up(Gateway& gateway, const AppConfig& app, std::string_view host) {
    for (const std::string& target : app.warmup) {
        TRY_ASSIGN(const Answered answered, ask(gateway, {host, target}));
        if (answered.outcome == wire::Outcome::Complete && answered.status < 500) continue;
        const std::string& why = gateway.last_error();
        return failure(fmt::format(
            "GET {} of app.{}.warmup was answered {}{}", target, app.name,
            answered.outcome == wire::Outcome::Complete ? std::to_string(answered.status)
                                                        : "with an error",
            why.empty() ? "; the application may have logged the reason" : "\n" + why));
    }
    return {};
}

}  // namespace bundle
