#include "frontend/client/http2_connection.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "shared/base/check.hpp"
#include "shared/base/log.hpp"

namespace bundle {

namespace {

// Of one connection before others get their turn.
constexpr int kWritesPerTurn = 4;

// An idle session is put to sleep after so long: waking it up takes a few microseconds.
constexpr std::chrono::seconds kBeforeSleep{1};

}  // namespace

Http2Connection::Http2Connection(ClientContext& context, const ClientSide& client,
                                 ClientStream& socket, Http2ConnectionOwner& owner)
    : context_(context),
      client_(client),
      socket_(socket),
      owner_(owner),
      generation_(context.snapshot->generation),
      session_(context.snapshot->config.http2, context.snapshot->head_limits, *context.http2_pages,
               *this),
      settings_deadline_(context.now() + context.snapshot->config.http.head_timeout),
      idle_since_(context.now()) {
    send_pace_.begin(context.snapshot->config.http.send_min_rate);
    window_pace_.begin(context.snapshot->config.http.send_min_rate);
}

Http2Connection::~Http2Connection() {
    BUNDLE_CHECK(open_.empty());
    if (sends_soon_) context_.http2_sends.forget(*this);
}

void Http2Connection::begin() { send_soon(); }

void Http2Connection::read(std::string_view bytes) {
    reads_ = true;
    session_.read(bytes, context_.now());
    reads_ = false;
    send();
    if (over_ || !socket_.waits() || !session_.queue_is_long()) return;
    pauses_ = true;
    socket_.stop_reading();
}

void Http2Connection::read_on() {
    if (std::exchange(pauses_, false)) socket_.start_reading();
}

// ---- streams ----

http2::StreamEvents& Http2Connection::on_stream(http2::StreamId id) {
    std::unique_ptr<Http2Stream> stream;
    if (unused_.empty()) {
        Http2StreamOwner& owner = *this;
        stream = std::make_unique<Http2Stream>(context_, client_, owner);
    } else {
        stream = std::move(unused_.back());
        unused_.pop_back();
    }
    stream->place = open_.size();
    open_.push_back(std::move(stream));
    Http2Stream& begun = *open_.back();
    begun.begin(id);
    const HttpConfig& http = context_.snapshot->config.http;
    reads_head_ = &begun;
    head_deadline_ = context_.now() + http.head_timeout;
    // A reload reaches those who ask for something, and they lose nothing by it: what they find at
    // their next connection is all new, certificates and [http2] too.
    if (++requests_ >= http.keepalive_requests || context_.snapshot->generation != generation_)
        go_away();
    return begun;
}

void Http2Connection::stream_closed(Http2Stream& stream) {
    const std::size_t place = stream.place;
    std::swap(open_[place], open_.back());
    open_[place]->place = place;
    unused_.push_back(std::move(open_.back()));
    open_.pop_back();
    if (open_.empty()) idle_since_ = context_.now();
    if (&stream == reads_head_) on_head_complete();
}

void Http2Connection::end_streams() {
    over_ = true;
    for (auto& stream : open_) {
        stream->lose();
        unused_.push_back(std::move(stream));
    }
    open_.clear();
}

// Backwards: one that ends at once goes.
bool Http2Connection::client_ended() {
    for (std::size_t i = open_.size(); i-- > 0;) open_[i]->client_ended();
    if (open_.empty()) return false;
    socket_.stop_reading();
    leaving_ = Leaving::Said;
    session_.end_after_last();
    send();
    return true;
}

std::uint32_t Http2Connection::cut_off() {
    std::uint32_t count = 0;
    for (std::size_t i = open_.size(); i-- > 0;) count += open_[i]->cut_off();
    send_now();
    return count;
}

// ---- sending ----

void Http2Connection::send_soon() {
    if (over_ || reads_ || std::exchange(sends_soon_, true)) return;
    context_.http2_sends.add(*this);
}

void Http2Connection::send_now() {
    sends_soon_ = false;
    send();
}

void Http2Connection::on_writable() {
    read_on();
    send();
}

void Http2Connection::send() {
    if (over_) return;
    for (int writes = 0; writes < kWritesPerTurn && session_.wants_to_write(); ++writes)
        if (!send_some()) break;
    if (over_) return;
    // libuv comes back when the kernel has taken more.
    if (session_.wants_to_write() && !socket_.waits()) {
        std::string frames;
        session_.write(frames);
        if (!frames.empty()) socket_.write_later(std::move(frames));
    }
    if (session_.is_over() && !over_) {
        tell_end();
        read_on();
        owner_.http2_ended();
    }
}

// False when sending cannot go on now.
bool Http2Connection::send_some() {
    if (socket_.waits()) return false;
    std::string& frames = context_.frames;
    frames.clear();
    session_.write(frames);
    if (frames.empty()) return false;
    const std::int64_t sent = socket_.write_now(std::array{std::string_view(frames)});
    if (sent < 0) {
        owner_.http2_broken();
        return false;
    }
    const auto count = static_cast<std::size_t>(sent);
    if (count < frames.size()) {
        socket_.write_later(frames.substr(count));
        return false;
    }
    return true;
}

// ---- the end ----

void Http2Connection::go_away() {
    if (leaving_ != Leaving::Not) return;
    leaving_ = Leaving::Announced;
    leave_at_ = context_.now() + kDrainGrace;
    session_.announce_end();
    send_soon();
}

void Http2Connection::on_end_heard() {
    if (leaving_ != Leaving::Announced) return;
    leaving_ = Leaving::Said;
    session_.end_after_last();
    send_soon();
}

void Http2Connection::tell_met(Limit limit) {
    if (context_.refusals.may_tell(limit, context_.now()))
        log_info("{}: {}: closed", client_.name(), limit_text(limit, context_.snapshot->config));
}

void Http2Connection::tell_end() {
    if (session_.limit_met() != Limit::None) {
        tell_met(session_.limit_met());
    } else if (!session_.fault().empty()) {
        log_debug("client broke the rules of HTTP/2 client={} reason={}", client_.name(),
                  log_quoted(session_.fault()));
    }
}

// ---- time ----

// Of what the kernel holds back. Whether a single stream is read is its own affair.
bool Http2Connection::gives_up_sending(TimePoint now, milliseconds since_last) {
    if (!socket_.waits()) {
        taken_at_ = now;
        return false;
    }
    const std::uint64_t taken = socket_.taken();
    send_pace_.waited(since_last);
    if (taken > taken_) {
        send_pace_.moved(taken - std::exchange(taken_, taken));
        taken_at_ = now;
    }
    const bool stands_still = now - taken_at_ >= context_.snapshot->config.http.send_timeout;
    if (!stands_still && !send_pace_.too_slow()) return false;
    tell_met(stands_still ? Limit::SendTimeout : Limit::SendMinRate);
    owner_.http2_broken();
    return true;
}

// False: all answers wait for the connection's window, which the client does not open, or hardly.
bool Http2Connection::window_opens(TimePoint now, milliseconds since_last) {
    const std::uint64_t bodies = session_.bodies_written();
    const std::uint64_t moved = bodies - std::exchange(bodies_written_, bodies);
    const auto has_body = [](const auto& open) { return open->has_body_to_send(); };
    // The session is asked last: one that sleeps is not to be woken up by this.
    const bool waits =
        !socket_.waits() && std::ranges::any_of(open_, has_body) && session_.window_is_shut();
    window_pace_.moved(moved);
    if (moved > 0 || !waits) bodies_written_at_ = now;
    if (!waits) return true;
    window_pace_.waited(since_last);
    const bool stands_still =
        now - bodies_written_at_ >= context_.snapshot->config.http.send_timeout;
    if (!stands_still && !window_pace_.too_slow()) return true;
    tell_met(stands_still ? Limit::SendTimeout : Limit::SendMinRate);
    return false;
}

Http2Stream::Bodies Http2Connection::watch_bodies(milliseconds since_last) {
    const std::uint64_t read = session_.bodies_read();
    const std::uint64_t came = read - std::exchange(bodies_read_, read);
    const std::uint64_t rate = context_.snapshot->config.http.body_min_rate.count;
    const auto time = static_cast<std::uint64_t>(since_last.count());
    constexpr std::uint64_t kPerSecond = 1000;
    return came > 0 && came * kPerSecond >= rate * time ? Http2Stream::Bodies::Come
                                                        : Http2Stream::Bodies::Stand;
}

void Http2Connection::check_time(TimePoint now, milliseconds since_last) {
    if (over_ || gives_up_sending(now, since_last)) return;
    const bool head_is_late = head_deadline_ != TimePoint() && now >= head_deadline_;
    if (head_is_late) tell_met(Limit::HeadTimeout);
    if (head_is_late || !window_opens(now, since_last)) {
        head_deadline_ = TimePoint();
        session_.end(http2::Stop::EnhanceYourCalm);
        return send();
    }
    if (!session_.settings_acknowledged() && now >= settings_deadline_) {
        session_.end(http2::Stop::SettingsTimeout);
        return send();
    }
    if (leaving_ == Leaving::Announced && now >= leave_at_) on_end_heard();
    const auto bodies = watch_bodies(since_last);
    // By index, and backwards: one that is answered at once goes.
    for (std::size_t i = open_.size(); i-- > 0;) {
        // What the socket holds back is the socket's time; and when nothing is read, no body comes.
        const bool is_held_back = open_[i]->reads_body() ? pauses_ : socket_.waits();
        if (!is_held_back) open_[i]->check_time(now, since_last, bodies);
    }
    if (!open_.empty()) return;
    unused_.clear();
    if (now - idle_since_ >= kBeforeSleep) session_.sleep();
    const HttpConfig& http = context_.snapshot->config.http;
    if (now - idle_since_ >= (requests_ == 0 ? http.head_timeout : http.keepalive_timeout))
        go_away();
}

}  // namespace bundle
