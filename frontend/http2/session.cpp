#include "frontend/http2/session.hpp"

#include <nghttp2/nghttp2.h>

#include <algorithm>
#include <array>
#include <limits>
#include <vector>

#include "frontend/answer/head_writer.hpp"
#include "frontend/http2/session_callbacks.hpp"
#include "shared/base/check.hpp"

namespace bundle::http2 {

namespace {

// An ordinary answer has no more fields.
constexpr std::size_t kUsualFields = 24;

// The largest head that we take of a client can also be sent to one.
constexpr std::size_t kMostSentInHead = 1U << 20;

// Frames that wait to be written, beside two for each stream: an honest client, however slow,
// causes no more.
constexpr std::size_t kMostOthersQueued = 1000;

struct FreeOption {
    void operator()(nghttp2_option* option) const noexcept { nghttp2_option_del(option); }
};

std::unique_ptr<nghttp2_option, FreeOption> made_option(const Http2Config& config) {
    nghttp2_option* made = nullptr;
    BUNDLE_CHECK(nghttp2_option_new(&made) == 0);
    std::unique_ptr<nghttp2_option, FreeOption> option(made);
    nghttp2_option_set_max_send_header_block_length(made, kMostSentInHead);
    // The window is given as the body is taken.
    nghttp2_option_set_no_auto_window_update(made, 1);
    nghttp2_option_set_no_closed_streams(made, 1);
    nghttp2_option_set_builtin_recv_extension_type(made, NGHTTP2_PRIORITY_UPDATE);
    // FloodGuard counts, by our options.
    constexpr auto kNever = std::numeric_limits<std::uint64_t>::max();
    nghttp2_option_set_stream_reset_rate_limit(made, kNever, kNever);
    // What it answers by itself is limited by ours too.
    nghttp2_option_set_max_outbound_ack(made, config.max_control_frames);
    return option;
}

SessionMemory& memory_of(void* self) { return *static_cast<SessionMemory*>(self); }

nghttp2_mem memory_functions(SessionMemory& memory) {
    return {&memory, [](std::size_t size, void* self) { return memory_of(self).allocate(size); },
            [](void* block, void* self) { memory_of(self).release(block); },
            [](std::size_t count, std::size_t size, void* self) {
                return memory_of(self).allocate_zeroed(count, size);
            },
            [](void* block, std::size_t size, void* self) {
                return memory_of(self).resize(block, size);
            }};
}

// In the table of what comes again (RFC 7541 section 2.3.2) it would only take the place of others,
// with each answer.
bool is_said_once(std::string_view name) {
    constexpr std::string_view kRequestId = "x-request-id";
    return name.size() == kRequestId.size() && equals_ignoring_case(name, kRequestId);
}

std::uint32_t code_of(Stop why) {
    switch (why) {
        case Stop::NoError:
            return NGHTTP2_NO_ERROR;
        case Stop::ProtocolError:
            return NGHTTP2_PROTOCOL_ERROR;
        case Stop::InternalError:
            return NGHTTP2_INTERNAL_ERROR;
        case Stop::SettingsTimeout:
            return NGHTTP2_SETTINGS_TIMEOUT;
        case Stop::Cancel:
            return NGHTTP2_CANCEL;
        case Stop::EnhanceYourCalm:
            return NGHTTP2_ENHANCE_YOUR_CALM;
    }
    return NGHTTP2_INTERNAL_ERROR;
}

// nghttp2 only reads through the pointer, and copies what it needs later.
std::uint8_t* bytes_of(std::string_view text) {
    return const_cast<std::uint8_t*>(reinterpret_cast<const std::uint8_t*>(text.data()));
}

}  // namespace

void Session::Free::operator()(nghttp2_session* session) const noexcept {
    nghttp2_session_del(session);
}

Session::Session(const Http2Config& config, const http1::HeadLimits& heads, SessionPages& pages,
                 SessionEvents& events)
    : events_(events),
      guard_(config),
      max_continuations_(config.max_continuations),
      max_head_size_(heads.max_head_size.count),
      most_queued_(2 * std::size_t{config.max_concurrent_streams} + kMostOthersQueued),
      memory_(pages) {
    const auto option = made_option(config);
    nghttp2_session* made = nullptr;
    nghttp2_mem memory = memory_functions(memory_);
    BUNDLE_CHECK(
        nghttp2_session_server_new3(&made, Callbacks::table(), this, option.get(), &memory) == 0);
    session_.reset(made);
    const auto size = [](Bytes bytes) { return static_cast<std::uint32_t>(bytes.count); };
    const std::array<nghttp2_settings_entry, 5> settings = {
        {
         {NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, config.max_concurrent_streams},
         {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, size(config.stream_window)},
         {NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, size(heads.max_head_size)},
         {NGHTTP2_SETTINGS_HEADER_TABLE_SIZE, size(config.header_table_size)},
         {NGHTTP2_SETTINGS_NO_RFC7540_PRIORITIES, 1},
         }
    };
    BUNDLE_CHECK(
        nghttp2_submit_settings(made, NGHTTP2_FLAG_NONE, settings.data(), settings.size()) == 0);
    nghttp2_session_set_local_window_size(
        made, NGHTTP2_FLAG_NONE, 0, static_cast<std::int32_t>(size(config.connection_window)));
}

Session::~Session() { memory_.wake(); }

nghttp2_session* Session::raw() const {
    memory_.wake();
    return session_.get();
}

void Session::sleep() {
    reader_ = HeadReader();
    memory_.sleep();
}

void Session::read(std::string_view bytes, TimePoint now) {
    if (failed_ || flooded_) return;
    guard_.begin_turn(now);
    const auto taken = nghttp2_session_mem_recv(raw(), bytes_of(bytes), bytes.size());
    walk_.read(bytes);
    if (queue_size() > most_queued_) meet(Limit::Http2ControlFrames);
    if (taken >= 0) return count_passed_over();
    flooded_ = taken == NGHTTP2_ERR_FLOODED;
    if (flooded_) return meet(Limit::Http2ControlFrames);
    failed_ = true;
    if (fault_.empty()) fault_ = nghttp2_strerror(static_cast<int>(taken));
}

std::size_t Session::queue_size() const { return nghttp2_session_get_outbound_queue_size(raw()); }

void Session::write(std::string& out) {
    if (failed_) return;
    out_ = &out;
    failed_ = nghttp2_session_send(raw()) != 0;
    out_ = nullptr;
}

bool Session::wants_to_write() const { return !failed_ && nghttp2_session_want_write(raw()) != 0; }

bool Session::is_over() const {
    return failed_ || (nghttp2_session_want_read(raw()) == 0 && !wants_to_write());
}

void Session::submit_head(StreamId id, std::string_view packed, Then then) {
    std::vector<nghttp2_nv> fields;
    fields.reserve(kUsualFields);
    for_each_packed_field(packed, [&](std::string_view name, std::string_view value) {
        const auto flags = is_said_once(name) ? NGHTTP2_NV_FLAG_NO_INDEX : NGHTTP2_NV_FLAG_NONE;
        fields.push_back({bytes_of(name), bytes_of(value), name.size(), value.size(),
                          static_cast<std::uint8_t>(flags)});
    });
    // What fails is a stream that the client has taken back meanwhile.
    if (then == Then::Interim) {
        nghttp2_submit_headers(raw(), NGHTTP2_FLAG_NONE, id, nullptr, fields.data(), fields.size(),
                               nullptr);
        return;
    }
    const nghttp2_data_provider body = {{}, Callbacks::body_ready};
    nghttp2_submit_response(raw(), id, fields.data(), fields.size(),
                            then == Then::BodyFollows ? &body : nullptr);
}

void Session::resume_body(StreamId id) { nghttp2_session_resume_data(raw(), id); }

void Session::reset(StreamId id, Stop why) {
    nghttp2_submit_rst_stream(raw(), NGHTTP2_FLAG_NONE, id, code_of(why));
}

bool Session::window_is_shut(StreamId id) const {
    return nghttp2_session_get_stream_remote_window_size(raw(), id) <= 0;
}

bool Session::window_is_shut() const { return nghttp2_session_get_remote_window_size(raw()) <= 0; }

void Session::announce_end() {
    nghttp2_submit_shutdown_notice(raw());
    nghttp2_submit_ping(raw(), NGHTTP2_FLAG_NONE, nullptr);
}

void Session::end_after_last() {
    nghttp2_submit_goaway(raw(), NGHTTP2_FLAG_NONE, nghttp2_session_get_last_proc_stream_id(raw()),
                          NGHTTP2_NO_ERROR, nullptr, 0);
}

void Session::end(Stop why) {
    if (why == Stop::SettingsTimeout) fault_ = "SETTINGS not acknowledged in time";
    nghttp2_session_terminate_session(raw(), code_of(why));
}

void Session::meet(Limit limit) {
    if (met_ != Limit::None) return;
    met_ = limit;
    end(Stop::EnhanceYourCalm);
}

void Session::count_control() {
    if (!guard_.control_frame()) meet(Limit::Http2ControlFrames);
}

void Session::count_data(std::size_t size) {
    constexpr std::size_t kSparse = 16;
    if (size == 0) return count_control();
    if (size < kSparse && !guard_.sparse_frame()) meet(Limit::Http2ControlFrames);
}

void Session::count_passed_over() {
    const std::uint64_t passed_over = walk_.short_frames() - short_frames_;
    // Behind the end nothing is told any more.
    if (nghttp2_session_want_read(raw()) == 0) return;
    for (; passed_over_ < passed_over; ++passed_over_) count_control();
}

// Clients that say nothing of priorities expect that a long answer does not keep them from a short
// one; by the default of RFC 9218 (section 4.2) answers would go out one after the other.
void Session::share_with_others(StreamId id) {
    const nghttp2_extpri in_turn = {NGHTTP2_EXTPRI_DEFAULT_URGENCY, 1};
    nghttp2_session_change_extpri_stream_priority(raw(), id, &in_turn, 0);
}

StreamEvents* Session::stream(StreamId id) const {
    return static_cast<StreamEvents*>(nghttp2_session_get_stream_user_data(raw(), id));
}

}  // namespace bundle::http2
