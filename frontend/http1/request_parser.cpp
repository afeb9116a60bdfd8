#include "frontend/http1/request_parser.hpp"

#include <algorithm>
#include <utility>

#include "frontend/http1/chunked_body.hpp"
#include "frontend/http1/field_lines.hpp"
#include "frontend/http1/head_fields.hpp"
#include "frontend/http1/line_scan.hpp"
#include "frontend/http1/request_line.hpp"
#include "frontend/request/request_target.hpp"
#include "shared/base/check.hpp"
#include "shared/http/token.hpp"

namespace bundle::http1 {

namespace {

// A head is copied in steps of this size, so that little of a body that follows is copied in vain.
constexpr std::size_t kHeadStep = 4096;
// Old clients end a body with a line end that is not part of it (RFC 9112 section 2.2).
constexpr unsigned kMaxBlankLines = 2;
// Bytes of what does not begin as a request does.
constexpr std::size_t kShownOfRefused = 200;

LineLimits line_limits(const HeadLimits& limits) {
    return {.first_line = limits.max_request_line,
            .field_line = limits.max_header_size,
            .section = limits.max_head_size,
            .field_lines = limits.max_headers};
}

}  // namespace

struct RequestParser::State {
    enum class Phase { BlankLines, Head, Body, Refused };

    explicit State(const HeadLimits& limits) : limits_(limits) {}

    Progress skip_blank_lines(std::string_view& bytes);
    Progress gather_head(std::string_view& bytes, RequestHead& head);
    Progress advance(RequestHead& head);
    Progress finish_head(RequestHead& head);
    Progress read_counted_body(std::string_view& bytes, std::vector<std::string_view>& pieces);
    Progress read_chunked_body(std::string_view& bytes, std::vector<std::string_view>& pieces);
    Progress refuse(const Refusal& refusal);

    const HeadLimits& limits_;
    Phase phase_ = Phase::BlankLines;
    unsigned blank_lines_ = 0;
    bool after_carriage_return_ = false;
    LineScan scan_{LineScan::FirstLine::IsRequestLine};
    RequestLine line_;  // views into head.bytes as it stood at line_seen_at_
    std::size_t line_size_ = 0;
    const char* line_seen_at_ = nullptr;
    bool chunked_ = false;
    std::uint64_t body_left_ = 0;
    ChunkedBody chunked_body_;
    Refusal refusal_;
};

Progress RequestParser::State::refuse(const Refusal& refusal) {
    phase_ = Phase::Refused;
    refusal_ = refusal;
    return Progress::Refused;
}

// Done when a byte that is none of a blank line stands in front.
Progress RequestParser::State::skip_blank_lines(std::string_view& bytes) {
    while (!bytes.empty()) {
        const char c = bytes.front();
        if (after_carriage_return_) {
            if (c != '\n') return refuse({400, "carriage return without a line feed"});
            after_carriage_return_ = false;
            ++blank_lines_;
        } else if (c == '\r' && blank_lines_ < kMaxBlankLines) {
            after_carriage_return_ = true;
        } else if (c == '\x16') {
            return refuse({400, "TLS handshake on a listener without TLS"});
        } else if (!is_token_byte(c)) {
            return refuse({400, "request does not begin with a method"});
        } else {
            return Progress::Done;
        }
        bytes.remove_prefix(1);
    }
    return Progress::NeedMore;
}

Progress RequestParser::State::gather_head(std::string_view& bytes, RequestHead& head) {
    while (!bytes.empty()) {
        const auto step = std::min(bytes.size(), kHeadStep);
        head.bytes.append(bytes.substr(0, step));
        bytes.remove_prefix(step);
        const auto progress = advance(head);
        if (progress == Progress::Done) {
            // What is left over belongs to the body or to the next request.
            const auto surplus = head.bytes.size() - scan_.end();
            bytes = {bytes.data() - surplus, bytes.size() + surplus};
            head.bytes.resize(scan_.end());
            return finish_head(head);
        }
        if (progress == Progress::Refused) return progress;
    }
    return Progress::NeedMore;
}

// Done when the head is complete.
Progress RequestParser::State::advance(RequestHead& head) {
    for (;;) {
        switch (scan_.advance(head.bytes, line_limits(limits_))) {
            case LineScan::Outcome::NeedMore:
                return Progress::NeedMore;
            case LineScan::Outcome::RequestLine: {
                line_size_ = scan_.line_end();
                line_seen_at_ = head.bytes.data();
                const auto line = std::string_view(head.bytes).substr(0, line_size_);
                if (const auto refusal = read_request_line(line, line_)) return refuse(*refusal);
                if (const auto refusal = resolve_target_path(line_.method, line_.parts, head.path))
                    return refuse(*refusal);
                break;
            }
            case LineScan::Outcome::End:
                return Progress::Done;
            case LineScan::Outcome::Refused:
                return refuse(scan_.refusal());
        }
    }
}

Progress RequestParser::State::finish_head(RequestHead& head) {
    const bool has_raw_bytes = line_.parts.has_raw_bytes;
    if (has_raw_bytes) {
        const auto begin = line_.method.size() + 1;
        const auto size = line_.target.size();
        line_size_ += encode_raw_bytes(head.bytes, begin, size) - size;
    }
    if (has_raw_bytes || line_seen_at_ != head.bytes.data()) {
        // The bytes have moved, and the views into the line with them. The line itself is good.
        const auto line = std::string_view(head.bytes).substr(0, line_size_);
        BUNDLE_CHECK(!read_request_line(line, line_));
    }
    head.version = line_.version;
    head.method = line_.method;
    head.target = line_.target;
    head.query = line_.parts.query;
    head.host = line_.parts.authority;
    const auto malformed = read_field_lines(head.bytes, scan_.field_lines(), head.fields);
    // Also when llhttp stopped early: an unknown coding is 501, not 400, wherever it stopped.
    if (const auto refusal = check_fields(head)) return refuse(*refusal);
    if (malformed) return refuse(*malformed);
    phase_ = Phase::Body;
    body_left_ = head.content_length.value_or(0);
    chunked_ = head.chunked;
    if (chunked_) chunked_body_.start();
    return Progress::Done;
}

Progress RequestParser::State::read_counted_body(std::string_view& bytes,
                                                 std::vector<std::string_view>& pieces) {
    const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(bytes.size(), body_left_));
    if (size > 0) pieces.push_back(bytes.substr(0, size));
    bytes.remove_prefix(size);
    body_left_ -= size;
    return body_left_ == 0 ? Progress::Done : Progress::NeedMore;
}

Progress RequestParser::State::read_chunked_body(std::string_view& bytes,
                                                 std::vector<std::string_view>& pieces) {
    switch (chunked_body_.read(bytes, pieces)) {
        case ChunkedBody::Outcome::NeedMore:
            return Progress::NeedMore;
        case ChunkedBody::Outcome::Done:
            chunked_ = false;  // asked again, a body that is done is still done
            return Progress::Done;
        case ChunkedBody::Outcome::Refused:
            return refuse(chunked_body_.refusal());
    }
    return Progress::Refused;
}

RequestParser::RequestParser(const HeadLimits& limits) : state_(std::make_unique<State>(limits)) {}
RequestParser::~RequestParser() = default;
RequestParser::RequestParser(RequestParser&&) noexcept = default;
RequestParser& RequestParser::operator=(RequestParser&&) noexcept = default;

Progress RequestParser::read_head(std::string_view& bytes, RequestHead& head) {
    using Phase = State::Phase;
    if (state_->phase_ == Phase::BlankLines) {
        if (const auto progress = state_->skip_blank_lines(bytes); progress != Progress::Done) {
            // For the log.
            if (progress == Progress::Refused) head.bytes = bytes.substr(0, kShownOfRefused);
            return progress;
        }
        head.clear();
        state_->phase_ = Phase::Head;
    }
    if (state_->phase_ == Phase::Refused) return Progress::Refused;
    BUNDLE_CHECK(state_->phase_ == Phase::Head);
    return state_->gather_head(bytes, head);
}

Progress RequestParser::read_body(std::string_view& bytes, std::vector<std::string_view>& pieces) {
    if (state_->phase_ == State::Phase::Refused) return Progress::Refused;
    BUNDLE_CHECK(state_->phase_ == State::Phase::Body);
    return state_->chunked_ ? state_->read_chunked_body(bytes, pieces)
                            : state_->read_counted_body(bytes, pieces);
}

const Refusal& RequestParser::refusal() const { return state_->refusal_; }

bool RequestParser::has_begun() const { return state_->phase_ != State::Phase::BlankLines; }

void RequestParser::reset() {
    state_->phase_ = State::Phase::BlankLines;
    state_->blank_lines_ = 0;
    state_->after_carriage_return_ = false;
    state_->scan_ = LineScan(LineScan::FirstLine::IsRequestLine);
}

}  // namespace bundle::http1
