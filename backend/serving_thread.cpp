#include "backend/serving_thread.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "backend/frame_reader.hpp"
#include "backend/leaving.hpp"
#include "backend/output/captured_output.hpp"
#include "backend/python/without_gil.hpp"
#include "shared/base/exit_status.hpp"
#include "shared/base/log.hpp"
#include "shared/base/process_title.hpp"
#include "shared/wire/descriptor_socket.hpp"

namespace bundle {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

Result<OwnedFd> connected(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path) return failure(path + " is too long for a socket");
    std::copy(path.begin(), path.end(), address.sun_path);
    // Not blocking for connect alone: it would wait for a full backlog, and not notice SIGTERM.
    OwnedFd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!socket) return system_failure("make a socket");
    if (connect(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
        return system_failure("connect to " + path);
    if (fcntl(socket.get(), F_SETFL, 0) != 0) return system_failure("make a socket block");
    return socket;
}

// An application may close what it does not know; then the number is free, or that of a socket.
bool is_still_open(int fd, mode_t kind) {
    struct stat facts {};
    return fstat(fd, &facts) == 0 && (facts.st_mode & S_IFMT) == kind;
}

std::int64_t nanoseconds(wire::Moment moment) {
    return std::chrono::nanoseconds(moment.time_since_epoch()).count();
}

void write_request_line(std::span<char> line, const wire::Request& request) {
    wire::write_text(line, request.method);
    const std::size_t method = std::min(request.method.size(), line.size() - 2);
    line[method] = ' ';
    wire::write_text(line.subspan(method + 1), request.target);
}

// One recvmsg, with what a signal of the application's own may want done in between.
ssize_t receive(FrameReader& reader) {
    for (;;) {
        ssize_t received = 0;
        int error = 0;
        {
            const WithoutGil others_run;
            received = reader.receive();
            error = errno;
        }
        if (received >= 0 || error != EINTR) {
            errno = error;
            return received;
        }
        if (PyErr_CheckSignals() != 0) PyErr_WriteUnraisable(nullptr);
    }
}

}  // namespace

void ServingThread::run() {
    constexpr milliseconds kShortestPause{10};
    constexpr milliseconds kLongestPause{500};
    milliseconds pause = kShortestPause;
    bool told = number_ != 0;
    while (!is_leaving()) {
        // PR_SET_PDEATHSIG is lost when the application changes its user.
        if (getppid() != place_.arbiter_pid) {
            log_error("the arbiter is gone, leaving");
            _exit(kExitFailed);
        }
        const auto began = steady_clock::now();
        row_.state = wire::WorkerState::Booting;
        const auto result = connected(place_.front).and_then([this](const OwnedFd& socket) {
            const SocketInUse in_use(number_, socket.get());
            return serve_front(socket.get());
        });
        if (is_leaving()) return;

        if (steady_clock::now() - began > kLongestPause) pause = kShortestPause;
        // A front that leaves or is started again is the master's to tell of, and we may be about
        // to leave, too; one that stays away is told once, by one thread.
        const bool lasts = pause == kLongestPause && !std::exchange(told, true);
        log_event(lasts ? LogLevel::Warn : LogLevel::Debug,
                  "without a front, connecting again in {} ms: {}", pause.count(),
                  result ? "it closed the connection" : result.error().message);
        const WithoutGil others_run;
        poll(nullptr, 0, static_cast<int>(pause.count()));  // SIGTERM may end it
        pause = std::min(pause * 2, kLongestPause);
    }
}

Result<wire::RequestSlots> ServingThread::introduce(int socket) const {
    TRY_ASSIGN(auto slots, wire::RequestSlots::create());
    std::string frame;
    TRY(wire::encode(frame, wire::Hello{.app = place_.config.name,
                                        .generation = place_.generation,
                                        .pid = static_cast<std::uint32_t>(getpid()),
                                        .slot = place_.slot}));
    // The first bytes on a new socket always fit whole.
    if (wire::send_with_descriptor(socket, frame, slots.fd()) != static_cast<ssize_t>(frame.size()))
        return system_failure("greet the front");
    slots.close_descriptor();
    if (number_ == 0 && is_still_open(place_.metrics, S_IFREG)) {
        frame.clear();
        wire::encode_metrics(frame);
        if (wire::send_with_descriptor(socket, frame, place_.metrics) < 0)
            return system_failure("show the front the metrics");
    }
    return slots;
}

// Until the front closes or the worker is to leave.
Result<void> ServingThread::serve_front(int socket) {
    TRY_ASSIGN(auto slots, introduce(socket));
    FrameReader reader(socket);
    AnswerWriter writer(socket, &slots);
    if (place_.tells_cost) writer.measure();
    show_idle();
    tell_arbiter();
    for (;;) {
        TRY_ASSIGN(const auto frame, reader.take());
        if (!frame) {
            if (writer.owes_free() && !slots.has_offer()) writer.free();
            const ssize_t received = receive(reader);
            if (received < 0) return system_failure("receive from the front");
            if (received == 0) return {};
            continue;
        }
        OwnedFd descriptor;
        if (frame->header.has_descriptor()) descriptor = reader.take_descriptor();
        // What a newer front may say is skipped.
        if (frame->header.type == wire::FrameType::Request) {
            TRY(serve(*frame, std::move(descriptor), slots, writer));
            if (writer.broken()) return {};
        } else if (frame->header.type == wire::FrameType::ErrorLog) {
            continue_output_in(descriptor);
        } else if (frame->header.type == wire::FrameType::Drain) {
            leave();
            return {};
        }
    }
}

Result<void> ServingThread::serve(const wire::Frame& frame, OwnedFd body, wire::RequestSlots& slots,
                                  AnswerWriter& writer) {
    if (!slots.begin(frame.header.stream)) return {};  // the front has taken it back
    TRY(wire::decode_request(frame, request_));
    show_busy();
    gateway_.serve(request_, std::move(body), writer);
    row_.requests.store(row_.requests.load(std::memory_order_relaxed) + 1,
                        std::memory_order_relaxed);
    show_idle();
    if (place_.max_requests != 0) note_request();
    place_.development.tell_sources();
    return {};
}

// Often enough that the arbiter looks when all threads together have served so many.
void ServingThread::note_request() const {
    const std::uint64_t share =
        std::max<std::uint64_t>(place_.max_requests / place_.config.threads, 1);
    if (row_.requests.load(std::memory_order_relaxed) % share == 0) tell_arbiter();
}

// It looks at the scoreboard when it is woken.
void ServingThread::tell_arbiter() const {
    constexpr mode_t kEventfd = 0;  // of no kind
    if (!is_still_open(place_.arbiter, kEventfd)) return;
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t written = write(place_.arbiter, &one, sizeof one);
}

void ServingThread::show_busy() {
    constexpr auto kRelaxed = std::memory_order_relaxed;
    row_.stream.store(request_.stream, kRelaxed);
    row_.deadline.store(nanoseconds(request_.deadline), kRelaxed);
    row_.queued.store(nanoseconds(request_.queued), kRelaxed);
    row_.busy_since.store(nanoseconds(steady_clock::now()), kRelaxed);
    wire::write_text(row_.request_id, request_.request_id);
    write_request_line(row_.request_line, request_);
    wire::write_text(row_.client, request_.remote_addr);
    row_.state.store(wire::WorkerState::Busy, std::memory_order_release);
    // Everybody on the machine can read titles: no query.
    const std::string_view line(std::data(row_.request_line));
    show_in_title(line.substr(0, line.find('?')));
    if (place_.title_clock != nullptr) place_.title_clock->wake();
}

void ServingThread::show_in_title(std::string_view activity) const {
    if (place_.config.threads == 1) show_in_process_title(activity);
}

void ServingThread::show_idle() {
    show_in_title("idle");
    row_.busy_since.store(0, std::memory_order_relaxed);
    row_.deadline.store(0, std::memory_order_relaxed);
    row_.state.store(wire::WorkerState::Idle, std::memory_order_release);
}

}  // namespace bundle
