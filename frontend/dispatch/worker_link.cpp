#include "frontend/dispatch/worker_link.hpp"

#include <fcntl.h>
#include <sys/socket.h>

#include <algorithm>
#include <utility>

#include "frontend/dispatch/wire_request.hpp"
#include "shared/base/check.hpp"
#include "shared/base/log.hpp"
#include "shared/wire/app_metrics.hpp"
#include "shared/wire/descriptor_socket.hpp"

namespace bundle {

namespace {

// Frames that a full slab may hold are read on in the same turn, but other sockets get theirs too.
constexpr int kReadsPerTurn = 4;
// Milliseconds. Who needs longer for a request is not given the next one ahead of its time.
constexpr std::uint64_t kQuick = 5;

}  // namespace

WorkerLink::WorkerLink(uv_loop_t* loop, OwnedFd socket, std::span<char> slab,
                       WorkerLinkOwner& owner)
    : owner_(owner), socket_(std::move(socket)), slab_(slab) {
    auto poll = std::make_unique<uv_poll_t>();
    BUNDLE_CHECK(uv_poll_init(loop, poll.get(), socket_.get()) == 0);
    poll_.reset(poll.release());
    poll_->data = this;
    watch();
}

WorkerLink::~WorkerLink() {
    for (Running& running : running_)
        if (running.request != nullptr) running.request->worker = nullptr;
    uv_poll_stop(poll_.get());
}

void WorkerLink::watch() {
    const int events = (paused_ ? 0 : UV_READABLE) | (out_.empty() ? 0 : UV_WRITABLE);
    if (events == watched_) return;
    watched_ = events;
    if (events == 0) {
        uv_poll_stop(poll_.get());
        return;
    }
    uv_poll_start(poll_.get(), events, [](uv_poll_t* handle, int status, int ready) {
        auto* link = static_cast<WorkerLink*>(handle->data);
        if (link == nullptr) return;
        // libuv says EBADF for every error of the socket, and stops watching it; reading tells
        // which one it is.
        if (status < 0) link->watched_ = 0;
        if ((ready & UV_WRITABLE) != 0) link->on_writable();
        // Writing may have found the worker gone, and destroyed the link.
        link = static_cast<WorkerLink*>(handle->data);
        if (link != nullptr && (status < 0 || (ready & UV_READABLE) != 0)) link->on_readable();
    });
}

// ---- requests ----

bool WorkerLink::send(AppRequest& request) {
    BUNDLE_CHECK(is_idle() || can_go_ahead());
    fields_.clear();
    fields_for_app(*request.head, request.client, request.request_id, *request.trust, fields_);
    tls_.assign(request.client.tls.begin(), request.client.tls.end());
    wire::Request message = wire_request(request, std::move(fields_), std::move(tls_));
    message.stream = last_stream_ = next_stream();
    // The limits of the configuration see to it that every request fits (wire::kMaxPayload).
    BUNDLE_CHECK(wire::encode(out_, message).has_value());
    fields_ = std::move(message.fields);
    tls_ = std::move(message.tls);
    slots_->offer(message.stream);

    const int descriptor = request.body->spooled() ? request.body->fd() : -1;
    if (!write_out(descriptor)) {
        // Whatever the reason, it reads nothing more from here: it reconnects, or is gone already.
        out_.clear();
        ::shutdown(socket_.get(), SHUT_WR);
        return false;
    }
    request.worker = this;
    request.stream = message.stream;
    if (unanswered() == 0) began_ = now();
    running_.push_back({.stream = message.stream,
                        .request = &request,
                        .place = InFlight(*request.lane),
                        .sent = now()});
    watch();
    return true;
}

// False when the worker is gone. The descriptor, -1 for none, travels with the first byte.
bool WorkerLink::write_out(int descriptor) {
    while (!out_.empty()) {
        const ssize_t sent = wire::send_with_descriptor(socket_.get(), out_, descriptor);
        if (sent < 0 && errno == EINTR) continue;
        if (sent < 0 && errno == EAGAIN) break;
        if (sent < 0) return false;
        descriptor = -1;
        out_.erase(0, static_cast<std::size_t>(sent));
    }
    // Its owner may close it before we get to send it.
    if (descriptor >= 0) out_descriptor_ = OwnedFd(fcntl(descriptor, F_DUPFD_CLOEXEC, 0));
    return descriptor < 0 || out_descriptor_;
}

void WorkerLink::on_writable() {
    const OwnedFd descriptor = std::exchange(out_descriptor_, OwnedFd());
    if (!write_out(descriptor ? descriptor.get() : -1)) return lose("it reads nothing more");
    if (out_.empty()) owner_.worker_free(*this);
    watch();
}

bool WorkerLink::continue_log_in(int fd) {
    if (!out_.empty() || lost_) return false;
    wire::encode_error_log(out_);
    // Who reads nothing more is leaving already.
    if (!write_out(fd)) out_.clear();
    watch();
    return true;
}

void WorkerLink::drain() {
    if (std::exchange(drained_, true)) return;
    wire::encode_drain(out_);
    // Who reads nothing more is leaving already.
    if (!write_out(-1)) out_.clear();
    watch();
}

void WorkerLink::resume() {
    paused_ = false;
    if (!lost_) watch();
}

// ---- answers ----

void WorkerLink::on_readable() {
    for (int turn = 0; turn < kReadsPerTurn && !paused_; ++turn) {
        const ssize_t got = wire::receive(socket_.get(), slab_, descriptors_);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0 && errno == EAGAIN) break;
        if (got < 0) return lose("connection reset");
        if (got == 0) return lose("connection closed");
        const bool obeys = take_frames({slab_.data(), static_cast<std::size_t>(got)});
        // Each descriptor belongs to a frame that comes with it; more than that is a leak of ours.
        if (!obeys || descriptors_.size() > wire::kMaxDescriptors) {
            const bool sent_away = introduced_ && pool == nullptr;
            return lose(sent_away ? "it is sent away" : "it broke the rules of the wire");
        }
        if (static_cast<std::size_t>(got) < slab_.size()) break;
    }
    finish_batch();
}

bool WorkerLink::take_frames(std::string_view bytes) {
    if (partial_.empty()) {
        while (take_some(bytes)) {
        }
        if (lost_) return false;
        partial_.assign(bytes);
        return true;
    }
    partial_.append(bytes);
    std::string_view rest = partial_;
    while (take_some(rest)) {
    }
    if (lost_) return false;
    partial_.erase(0, partial_.size() - rest.size());
    return true;
}

// One frame, or a piece of a frame of data. False when more bytes are needed, or when lost_ is set.
bool WorkerLink::take_some(std::string_view& bytes) {
    if (data_left_ > 0) {
        if (bytes.empty()) return false;
        const auto piece = bytes.substr(0, std::min(bytes.size(), data_left_));
        bytes.remove_prefix(piece.size());
        data_left_ -= piece.size();
        pass_data(data_stream_, piece);
        return true;
    }
    const auto header = wire::peek_header(bytes);
    if (header && *header && (*header)->type == wire::FrameType::Data) {
        lost_ = !introduced_;
        bytes.remove_prefix(wire::kHeaderSize);
        data_stream_ = (*header)->stream;
        data_left_ = (*header)->length;
        return !lost_;
    }
    const auto frame = wire::take_frame(bytes);
    if (frame && !*frame) return false;
    lost_ = !frame || !take(**frame);
    return !lost_;
}

bool WorkerLink::take(const wire::Frame& frame) {
    OwnedFd descriptor;
    if (frame.header.has_descriptor()) {
        if (descriptors_.empty()) return false;
        descriptor = std::move(descriptors_.front());
        descriptors_.pop_front();
    }
    if (!introduced_) return take_hello(frame, std::move(descriptor));
    using wire::FrameType;
    switch (frame.header.type) {
        case FrameType::Retire:
            owner_.worker_retires(*this);
            return true;
        case FrameType::Metrics:
            return take_metrics(std::move(descriptor));
        case FrameType::AnswerHead:
        case FrameType::File:
        case FrameType::End:
        case FrameType::ExtendDeadline:
        case FrameType::Cost:
        case FrameType::Free:
            break;
        case FrameType::Hello:
        case FrameType::Request:
            return false;
        default:
            return true;  // a newer worker may say more than we know
    }
    Running* running = find(frame.header.stream);
    if (running == nullptr) return false;  // an answer to nothing
    const bool is_free = frame.header.type == FrameType::Free;
    if (is_free && (!running->answered || running != &running_.front())) return false;
    if (is_free || running != &running_.front()) forget_answered();
    if (is_free) return true;
    running = find(frame.header.stream);
    if (frame.header.type == FrameType::End) return take_end(frame, *running);
    if (frame.header.type == FrameType::ExtendDeadline) return take_extension(frame, *running);
    if (running->request == nullptr) return true;  // its client left
    if (frame.header.type == FrameType::Cost) return take_cost(frame, *running->request);
    if (frame.header.type == FrameType::File) {
        return take_file(frame, std::move(descriptor), *running->request);
    }
    return take_head(frame, *running->request);
}

bool WorkerLink::take_hello(const wire::Frame& frame, OwnedFd slots) {
    if (frame.header.type != wire::FrameType::Hello) return false;
    const auto hello = wire::decode_hello(frame.payload);
    if (!hello || hello->version != wire::kVersion || hello->capacity != 1) return false;
    auto opened = wire::RequestSlots::open(std::move(slots));
    if (!opened) return false;
    slots_.emplace(std::move(*opened));
    slots_->close_descriptor();
    pid_ = hello->pid;
    slot_ = hello->slot;
    introduced_ = true;
    freed_ = true;
    return owner_.worker_introduced(*this, *hello);
}

// Where no descriptor was left for it, a worker goes on without.
bool WorkerLink::take_metrics(OwnedFd memory) {
    if (metrics_) return false;
    if (!memory) return true;
    auto opened = wire::SealedMemory::open("an application's metrics", std::move(memory));
    if (!opened || opened->size() != wire::kAppMetricsSize) return false;
    metrics_.emplace(std::move(*opened));
    metrics_->close_descriptor();
    return true;
}

std::span<const char> WorkerLink::metrics() const {
    if (!metrics_) return {};
    return {static_cast<const char*>(metrics_->start()), metrics_->size()};
}

bool WorkerLink::take_head(const wire::Frame& frame, AppRequest& request) {
    if (request.answer_begun || !wire::decode_answer_head(frame.payload, head_)) return false;
    constexpr std::uint16_t kSwitchingProtocols = 101;  // which no worker does
    if (head_.status == kSwitchingProtocols) return false;
    request.answer_begun = head_.status >= 200;
    AnswerSink* sink = request.sink;  // which may end the request
    if (request.answer_begun)
        sink->answer_head(head_);
    else
        sink->answer_interim(head_);
    touch(sink);
    return true;
}

bool WorkerLink::take_file(const wire::Frame& frame, OwnedFd file, AppRequest& request) {
    const auto piece = wire::decode_file(frame.payload);
    if (!piece || !request.answer_begun) return false;
    AnswerSink* sink = request.sink;
    sink->answer_file(std::move(file), *piece);
    touch(sink);
    return true;
}

bool WorkerLink::take_end(const wire::Frame& frame, Running& running) {
    const auto end = wire::decode_end(frame.payload);
    if (!end || running.answered) return false;
    const bool closes = end->afterwards == wire::Afterwards::Closing;
    if (closes && &running != &running_.front()) return false;  // the one before it is not done
    AppRequest* const request = std::exchange(running.request, nullptr);
    tell_left_ended(running);
    if (closes) {
        running.answered = true;
        if (request != nullptr) running.close_by = request->deadline;
    } else {
        running_.erase(running_.begin() + (&running - running_.data()));
    }
    freed_ = true;
    const std::uint64_t done = now();
    quick_ = done - std::exchange(began_, done) <= kQuick;
    // Nobody else resumes it once its request is done, however full that client's buffer is.
    paused_ = false;
    if (request == nullptr) return true;
    request->worker = nullptr;
    AnswerSink* sink = request->sink;
    if (end->outcome != wire::Outcome::Failed && !request->answer_begun) {
        sink->answer_refused({502, "the worker ended an answer that it had not begun"});
    } else {
        sink->answer_end(end->outcome);
    }
    touch(sink);
    return true;
}

void WorkerLink::pass_data(std::uint32_t stream, std::string_view bytes) {
    Running* running = find(stream);
    // Data for a request whose client left, or before its head: it goes nowhere.
    if (running == nullptr || running->request == nullptr || !running->request->answer_begun)
        return;
    AnswerSink* sink = running->request->sink;
    sink->answer_data(bytes);
    touch(sink);
    running = find(stream);
    if (running != nullptr && running->request != nullptr && sink->answer_full()) paused_ = true;
}

// The worker gets its next request before its last answer is written out: it can begin on the other
// core.
void WorkerLink::finish_batch() {
    if (std::exchange(freed_, false)) owner_.worker_free(*this);
    for (std::size_t i = 0; i < touched_.size(); ++i) touched_[i]->answer_flush();
    touched_.clear();
    watch();
}

void WorkerLink::touch(AnswerSink* sink) {
    if (std::find(touched_.begin(), touched_.end(), sink) == touched_.end())
        touched_.push_back(sink);
}

WorkerLink::Running* WorkerLink::find(std::uint32_t stream) {
    for (Running& running : running_)
        if (running.stream == stream) return &running;
    return nullptr;
}

std::vector<WorkerLink::GivenUp> WorkerLink::give_up_requests() {
    std::vector<GivenUp> requests;
    for (Running& running : std::exchange(running_, {})) {
        tell_left_ended(running);
        if (running.request == nullptr) continue;
        running.request->worker = nullptr;
        requests.push_back({running.request, slots_->has_begun(running.stream)});
    }
    return requests;
}

void WorkerLink::lose(std::string_view why) {
    lost_ = true;
    for (AnswerSink* sink : std::exchange(touched_, {})) sink->answer_flush();
    // One that gets no more requests is to go; its arbiter tells how it went.
    log_event(retired ? LogLevel::Debug : LogLevel::Info,
              "worker disconnected pid={} slot={} why={}", pid_, slot_, log_quoted(why));
    owner_.worker_lost(*this);  // destroys us
}

}  // namespace bundle
