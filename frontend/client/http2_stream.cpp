#include "frontend/client/http2_stream.hpp"

#include <utility>

#include "shared/base/check.hpp"
#include "shared/base/log.hpp"

namespace bundle {

namespace {

constexpr std::uint16_t kBadRequest = 400;

}  // namespace

void Http2Stream::begin(http2::StreamId id) {
    id_ = id;
    state_ = StreamState::ReadHead;
    deadline_ = TimePoint();
    head_sent_ = false;
    body_sent_ = 0;
    begin_exchange();
}

// ---- states ----

void Http2Stream::advance(StreamEvent event) {
    const auto next = next_state(state_, event);
    BUNDLE_CHECK(next.has_value());
    state_ = *next;
    arm();
}

void Http2Stream::arm() {
    const auto limit = rule_of(state_).limit;
    deadline_ = limit != nullptr && exchange_ ? context_.now() + exchange_->match.rules->http.*limit
                                              : TimePoint();
}

void Http2Stream::log_end(std::uint16_t unanswered) {
    if (state_ == StreamState::ReadHead) return log_access(kBadRequest);
    log_access(head_sent_ ? exchange_->answer.status() : unanswered);
}

void Http2Stream::lose() {
    if (exchange_ == nullptr) return;
    log_end();
    end_exchange();
    advance(StreamEvent::Ended);
}

// As over HTTP/1: what is not there whole never will be, and who leaves the queue costs no worker.
void Http2Stream::client_ended() {
    if (exchange_ == nullptr) return;
    const bool is_whole = state_ == StreamState::AwaitAnswer || state_ == StreamState::SendAnswer;
    if (is_whole && !Dispatcher::waits(exchange_->request))
        return Dispatcher::client_ended(exchange_->request);
    log_end();
    stop(http2::Stop::Cancel);
}

void Http2Stream::stop(http2::Stop why) {
    end_exchange();
    advance(StreamEvent::Ended);
    owner_.session().reset(id_, why);
    owner_.send_soon();
}

// A client may send its bodies one after the other.
bool Http2Stream::waits_for_others(TimePoint now, Bodies bodies) {
    constexpr int kTimesLonger = 10;
    const bool moved = std::exchange(body_moved_, false);
    if (moved) body_moved_at_ = now;
    const milliseconds longest = kTimesLonger * exchange_->match.rules->http.body_timeout;
    return !moved && bodies == Bodies::Come && now - body_moved_at_ < longest;
}

void Http2Stream::check_time(TimePoint now, milliseconds since_last, Bodies bodies) {
    if (exchange_ == nullptr) return;
    if (state_ == StreamState::ReadBody) {
        if (waits_for_others(now, bodies)) return arm();
        exchange_->body_pace.waited(since_last);
        if (exchange_->body_pace.too_slow())
            return refuse({408, "the body comes too slowly", Limit::BodyMinRate});
    }
    Limit met = Limit::None;
    if (state_ == StreamState::SendAnswer) {
        // Others may go before it, as the client itself wants, and use up the connection's window:
        // only its own says that it takes no more.
        const bool stalls = has_body_to_send() && owner_.session().window_is_shut(id_);
        if (!stalls) return arm();
        exchange_->send_pace.waited(since_last);
        if (exchange_->send_pace.too_slow()) met = Limit::SendMinRate;
    }
    const StreamRule& rule = rule_of(state_);
    if (deadline_ != TimePoint() && now >= deadline_) {
        if (rule.on_expiry) return refuse({*rule.on_expiry, "the client was too slow", rule.met});
        met = rule.met;
    }
    if (met == Limit::None) return;
    tell_limit(met, 0);
    log_end();
    stop(http2::Stop::Cancel);
}

// ---- the request ----

const http1::HeadLimits& Http2Stream::head_limits() const {
    return exchange_->snapshot->head_limits;
}

void Http2Stream::on_head_refused(const Refusal& refusal) { refuse(refusal); }

void Http2Stream::on_head(bool /*body_follows*/) {
    switch (meet_head()) {
        case HeadOutcome::Answered:
            return;
        case HeadOutcome::IsWhole:
            return request_done();
        case HeadOutcome::NeedsBody:
            break;
    }
    advance(StreamEvent::HeadDone);
    body_moved_ = true;
    if (!exchange_->head.expects_continue) return;
    constexpr std::uint16_t kContinueStatus = 100;
    wire::AnswerHead go_on;
    go_on.status = kContinueStatus;
    send_interim(go_on);
}

bool Http2Stream::on_body(std::string_view bytes) {
    if (state_ != StreamState::ReadBody) return false;
    exchange_->body_pace.moved(bytes.size());
    if (!take_body(bytes)) return false;
    body_moved_ = true;
    arm();  // the client sent something: its time begins anew
    return true;
}

void Http2Stream::on_body_end() {
    if (state_ == StreamState::ReadBody) request_done();
}

void Http2Stream::request_done() {
    advance(StreamEvent::RequestDone);
    respond();
}

void Http2Stream::on_fault() {
    if (exchange_ == nullptr) return;
    log_end(kBadRequest);
    end_exchange();
    advance(StreamEvent::Ended);
}

void Http2Stream::on_head_too_large() {
    if (exchange_ == nullptr) return;
    constexpr std::uint16_t kServerError = 500;
    log_error("the answer's head is too large to be sent by HTTP/2, resetting its stream {}",
              request_facts());
    log_access(kServerError);
    stop(http2::Stop::InternalError);
}

void Http2Stream::on_stream_closed() {
    lose();
    owner_.stream_closed(*this);
}

// ---- the answer ----

void Http2Stream::send_whole() { submit_answer(); }

void Http2Stream::send_told() {
    if (exchange_ != nullptr && exchange_->answer.status() != 0) submit_answer();
}

void Http2Stream::submit_answer() {
    if (state_ != StreamState::SendAnswer) advance(StreamEvent::AnswerBegun);
    owner_.send_soon();
    if (head_sent_) return owner_.session().resume_body(id_);
    head_sent_ = true;
    const FramedAnswer& answer = exchange_->answer;
    const bool is_whole = answer.ended() && answer.buffer().empty();
    owner_.session().submit_head(
        id_, answer.packed_head(),
        is_whole ? http2::Session::Then::Final : http2::Session::Then::BodyFollows);
}

void Http2Stream::send_interim(const wire::AnswerHead& head) {
    context_.scratch.clear();
    if (!write_interim_head(context_.scratch, HttpVersion::Http2, head.status, head.reason,
                            head.fields))
        return;
    owner_.session().submit_head(id_, context_.scratch, http2::Session::Then::Interim);
    owner_.send_soon();
}

http2::StreamEvents::Ready Http2Stream::body_ready() const {
    if (exchange_ == nullptr) return {};
    return {exchange_->answer.buffer().size(), exchange_->answer.ended()};
}

bool Http2Stream::copy_body(std::span<char> into) {
    if (exchange_ == nullptr) return false;
    if (!exchange_->answer.buffer().copy_next(into)) {
        abort("its file cannot be read to its end");
        return false;
    }
    body_sent_ += into.size();
    exchange_->send_pace.moved(into.size());
    arm();
    resume_worker();
    return true;
}

void Http2Stream::on_answer_written(bool request_ended) {
    if (exchange_ == nullptr) return;
    log_end();
    end_exchange();
    advance(StreamEvent::Ended);
    // The rest of a request that was refused goes nowhere (RFC 9113 section 8.1).
    if (!request_ended) owner_.session().reset(id_, http2::Stop::NoError);
}

void Http2Stream::drop_answer() {
    log_end();
    stop(http2::Stop::InternalError);
}

void Http2Stream::leave_unanswered() { stop(http2::Stop::Cancel); }

}  // namespace bundle
