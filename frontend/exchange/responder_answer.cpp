// The second half of Responder: answers, from workers and our own, as far as their buffer.
#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <utility>

#include "frontend/exchange/responder.hpp"
#include "frontend/observe/server_timing.hpp"
#include "frontend/route/error_page.hpp"
#include "shared/base/log.hpp"

namespace bundle {

namespace {

// The longest Retry-After of a 503, in seconds.
constexpr std::uint64_t kMostRetryAfter = 5;
// Of a 405 that is not for one address: what we pass on (RFC 9110 section 15.5.6).
constexpr std::array<HeaderField, 1> kAllow = {
    {{"Allow", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"}}};

// Keeps a descriptor that came from a worker until it is sent.
std::shared_ptr<const void> keep(OwnedFd file) {
    return std::make_shared<const OwnedFd>(std::move(file));
}

std::string_view field_value(const RequestHead& head, std::string_view name) {
    const HeaderField* field = find_field(head.fields, name);
    return field != nullptr ? field->value : std::string_view();
}

}  // namespace

// ---- from a worker ----

// Of an answer that begins with the next byte that is written.
AnswerContext Responder::answer_context() {
    Exchange& exchange = *exchange_;
    const RouteRules& rules = *exchange.match.rules;
    const HeaderChanges& changes = scheme() == "https" ? rules.headers_by_https : rules.headers;
    return {exchange.head.version,
            exchange.head.method == "HEAD",
            begin_sending(),
            context_.date.at(context_.wall_time(context_.now())),
            rules.http.server_header,
            exchange.id.view(),
            changes.empty() ? nullptr : &changes};
}

bool Responder::awaits_head() const {
    return exchange_ != nullptr && exchange_->submitted && exchange_->answer.status() == 0;
}

bool Responder::awaits_body() const {
    return exchange_ != nullptr && exchange_->answer.status() != 0 && !exchange_->answer.ended();
}

// Workers are told apart from each other by rules that the dispatcher keeps; but what a client does
// (or does not: read) has its part in the state that we are in. Should the two ever not fit, that
// costs this connection, and not all others with it.
bool Responder::in_turn(bool fits, std::string_view what) {
    if (fits || is_over()) return fits;
    log_error("{} of an answer came out of turn, breaking it off client={} while={}", what,
              client_address(), log_quoted(doing()));
    break_off();
    return false;
}

void Responder::answer_head(const wire::AnswerHead& head) {
    if (!in_turn(awaits_head(), "the head")) return;
    note_first();
    std::unique_ptr<InternalRedirect>& redirect = exchange_->redirect;
    const ServerFields ours = ServerFields::in(head.fields);
    if (ours.redirect()) {
        if (!redirect) redirect = std::make_unique<InternalRedirect>();
        return redirect->note(ours, head.fields);
    }
    const bool buffering = ours.buffering == BufferingWish::None
                               ? exchange_->match.buffering
                               : ours.buffering == BufferingWish::On;
    if (!buffering) exchange_->answer.set_limits(exchange_->match.rules->unbuffered_limits);
    const Headers merged =
        redirect ? merged_fields(redirect->kept->fields(), head.fields) : Headers();
    const Headers& fields = redirect ? merged : head.fields;
    const bool compresses =
        is_compressible(head.status, fields, exchange_->match.rules->compression);
    const bool is_file = head.body == wire::AnswerBody::WholeFile && leaves_parts_to_us(fields);
    if (is_file && (exchange_->head.method == "GET" || exchange_->head.method == "HEAD")) {
        exchange_->given = std::make_unique<GivenFile>(compresses ? with_vary(fields) : fields);
        return;
    }
    if (compresses) return begin_compressible(head.status, head.reason, fields);
    begin_answer(head.status, head.reason, fields);
}

void Responder::begin_answer(std::uint16_t status, std::string_view reason,
                             std::span<const HeaderField> fields) {
    if (!begin_with_timing(status, reason, fields)) refuse_fields();
}

// False: the fields cannot be sent.
bool Responder::begin_with_timing(std::uint16_t status, std::string_view reason,
                                  std::span<const HeaderField> fields) {
    Headers more;
    std::string timing;
    if (exchange_->match.rules->tells_timing && exchange_->times.asked_app) {
        timing = server_timing(exchange_->times);
        more.assign(fields.begin(), fields.end());
        more.push_back({"Server-Timing", timing});
        fields = more;
    }
    if (!exchange_->answer.begin(status, reason, fields, answer_context(), context_.scratch))
        return false;
    note_answer_fields();
    return true;
}

void Responder::refuse_fields() {
    log_error(
        "the application's fields cannot be sent (Content-Length, or a control byte), answering "
        "500 {}",
        OfRequest{exchange_->id.view()});
    context_.dispatcher.withdraw(exchange_->request);
    exchange_->reason = "the application's fields cannot be sent";
    answer_with_error(500);
}

// RFC 9110 section 15.2: not for HTTP/1.0.
void Responder::answer_interim(const wire::AnswerHead& head) {
    if (!in_turn(awaits_head(), "an interim head")) return;
    if (exchange_->head.version == HttpVersion::Http10) return;
    send_interim(head);
}

void Responder::answer_data(std::string_view bytes) {
    if (redirects()) return;  // it goes nowhere
    begin_held_back(BodyComes::AsBytes);
    if (!in_turn(awaits_body(), "data")) return;
    if (exchange_->compressed) return compress(bytes);
    add_to_body(bytes);
}

void Responder::add_to_body(std::string_view bytes) {
    FramedAnswer& answer = exchange_->answer;
    const std::string_view piece = answer.open_piece(bytes);
    if (piece.empty()) return;
    const std::string_view rest = send_past_buffer(piece);
    if (exchange_ == nullptr) return;
    answer.append(rest);
    answer.close_piece();
}

void Responder::answer_file(OwnedFd file, const wire::File& piece) {
    if (redirects()) return;
    if (exchange_ != nullptr && exchange_->given) {
        if (!file) return answer_without_file();
        exchange_->given->file = std::move(file);
        return;
    }
    begin_held_back(BodyComes::AsFile);
    if (!in_turn(awaits_body(), "a file")) return;
    if (!file) return answer_without_file();
    const FilePiece of_file = {file.get(), piece.offset, piece.length};
    if (exchange_->compressed) return compress_file(of_file, keep(std::move(file)));
    exchange_->answer.file(of_file, keep(std::move(file)));
}

// There was no descriptor left for the file that came from a worker.
void Responder::answer_without_file() {
    if (has_sent()) return abort("no descriptor is left for its file");
    context_.dispatcher.withdraw(exchange_->request);
    exchange_->given.reset();
    exchange_->answer.clear();
    exchange_->reason = "no descriptor is left for its file";
    answer_with_error(503);
}

void Responder::answer_end(wire::Outcome outcome) {
    if (exchange_ != nullptr) exchange_->times.done = TimePoint::clock::now();
    // gunicorn logs it at that level.
    if (context_.statsd && outcome != wire::Outcome::Complete)
        context_.statsd->count("gunicorn.log.exception");
    if (redirects()) return;
    if (exchange_ != nullptr && exchange_->given) {
        if (exchange_->given->file) return;
        exchange_->given.reset();  // announced, and never sent
        outcome = wire::Outcome::Failed;
    }
    if (outcome == wire::Outcome::Failed && awaits_head()) {
        exchange_->reason = "the application failed";
        return answer_with_error(500);
    }
    begin_held_back(BodyComes::Never);
    if (!in_turn(awaits_body(), "the end")) return;
    if (outcome != wire::Outcome::Complete) return abort("the answer was not completed");
    if (exchange_->compressed) return end_compressed();
    complete_answer();
}

void Responder::complete_answer() {
    const AnswerEnd end = exchange_->answer.end();
    if (exchange_->answer.cut()) {
        log_warn("the application sent more than its Content-Length, the rest is cut {}",
                 OfRequest{exchange_->id.view()});
    }
    if (end == AnswerEnd::Short) abort("the application sent less than its Content-Length");
}

void Responder::answer_flush() {
    if (redirects()) follow_redirect();
    if (exchange_ != nullptr && exchange_->given && exchange_->given->file)
        answer_with_given_file();
    flush_compressed();
    send_told();
}

bool Responder::answer_full() const {
    if (exchange_ == nullptr) return false;
    return exchange_->answer.full() || (exchange_->compressed && exchange_->compressed->is_full());
}

void Responder::resume_worker() {
    const auto& compressed = exchange_->compressed;
    if (exchange_->answer.has_room() && !(compressed && compressed->is_full()))
        Dispatcher::resume(exchange_->request);
}

// ---- our own ----

void Responder::answer_with(const Answer& answer) {
    if (answer.status >= 400 && answer.bytes.empty())
        return answer_with_error(answer.status, answer.fields);
    begin_own(answer);
}

void Responder::answer_with_error(std::uint16_t status, std::span<const HeaderField> more_fields) {
    Exchange& exchange = *exchange_;
    if (exchange.answer.status() != 0) return abort("it failed after its head was out");
    // So that all those who were refused together do not come back together.
    const std::string later = std::to_string(1 + context_.refused % kMostRetryAfter);
    const std::array<HeaderField, 1> retry_after = {{{"Retry-After", later}}};
    if (status == 503 && more_fields.empty()) {
        ++context_.refused;
        more_fields = retry_after;
    }
    if (status == 405 && more_fields.empty()) more_fields = kAllow;
    if (const auto page = exchange.match.rules->errors.page(status, more_fields))
        return begin_own(*page);
    begin_own(error_page(status, {.request_id = exchange.id.view(),
                                  .accept = field_value(exchange.head, "accept"),
                                  .in_maintenance = exchange.in_maintenance,
                                  .more_fields = more_fields}));
}

// Sends an answer of our own, whole. A worker's may have been begun before it, as long as nothing
// of that one has been sent.
void Responder::begin_own(const Answer& answer) {
    drop_compressed();
    FramedAnswer& framed = exchange_->answer;
    note_whole();
    if (!begin_with_timing(answer.status, {}, answer.fields)) return refuse_fields();
    if (answer.goes_on) return go_on(answer.bytes);
    if (!answer.bytes.empty()) framed.shared_bytes(answer.bytes, answer.owner);
    framed.file(answer.file, answer.owner);
    for (const BodyPart& part : answer.more) {
        framed.shared_bytes(part.bytes, answer.owner);
        framed.file(part.file, answer.owner);
    }
    framed.end();
    send_whole();
}

// The rest comes as from a worker. What the client does not take must not pile up.
void Responder::go_on(std::string_view beginning) {
    exchange_->watches = true;
    exchange_->answer.set_limits(exchange_->match.rules->unbuffered_limits);
    context_.admin->watch(*this);
    answer_data(beginning);
    answer_flush();
}

}  // namespace bundle
