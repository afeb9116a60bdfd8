// Responder, when a request is over: what the access log is told of it.
#include <algorithm>
#include <utility>

#include "frontend/answer/head_writer.hpp"
#include "frontend/exchange/responder.hpp"
#include "frontend/observe/basic_user.hpp"
#include "frontend/observe/trace_context.hpp"

namespace bundle {

namespace {

// The begin of what is no request line, if it came as HTTP/1.
std::string_view shown_target(const RequestHead& head) {
    constexpr std::size_t kMost = 200;
    const bool is_mistake = head.method.empty() && head.version != HttpVersion::Http2;
    return is_mistake ? head.begin_of_line(kMost) : head.target;
}

void add_named_fields(const Headers& fields, AccessRecord& record, std::string& user) {
    for (const HeaderField& field : fields) {
        switch (field.name.size()) {
            case 7:
                if (record.referer.empty() && field.name == "referer") record.referer = field.value;
                break;
            case 10:
                if (record.user_agent.empty() && field.name == "user-agent")
                    record.user_agent = field.value;
                break;
            case 11:
                if (record.trace_id.empty() && field.name == "traceparent")
                    record.trace_id = trace_id_of(field.value);
                break;
            case 13:
                if (field.name == "authorization") record.user = basic_user(field.value, user);
                break;
            default:
                break;
        }
    }
}

}  // namespace

// The clock of the loop's turn is good enough here, and free.
void Responder::note_whole() const {
    RequestTimes& times = exchange_->times;
    if (times.whole == TimePoint()) times.whole = std::max(times.received, context_.now());
}

void Responder::note_first() const {
    RequestTimes& times = exchange_->times;
    if (times.first != TimePoint()) return;
    times.first = TimePoint::clock::now();
    times.handed_over = exchange_->request.handed_over;
}

void Responder::note_answer_fields() const {
    const std::vector<std::string>& names = exchange_->snapshot->access_line.answer_fields();
    if (names.empty()) return;
    std::vector<std::string>& values = exchange_->answer_fields;
    if (exchange_->head.version != HttpVersion::Http2)
        return bundle::note_answer_fields(context_.scratch, names, values);
    values.assign(names.size(), {});
    for_each_packed_field(exchange_->answer.packed_head(), [&](auto name, auto value) {
        for (std::size_t i = 0; i < names.size(); ++i)
            if (values[i].empty() && equals_ignoring_case(name, names[i])) values[i] = value;
    });
}

void Responder::note_app_time(std::uint16_t status) const {
    const Exchange& exchange = *exchange_;
    const AppConfig& app = exchange.snapshot->config.apps[exchange.request.app];
    const auto took = exchange.times.of(TimePart::App).value_or(RequestTimes::Length::zero());
    AppCounters& counters = *exchange.snapshot->app_counters[exchange.request.app];
    counters.busy += took;
    if (exchange.times.handed_over != TimePoint())
        counters.waits.add(*exchange.times.of(TimePart::Queue));
    if (app.slow_after == milliseconds::zero() || took < app.slow_after) return;
    constexpr std::size_t kMostOfTarget = 192;
    const RouteRules& rules = *exchange.match.rules;
    context_.slow.ended({.id = std::string(exchange.id.view()),
                         .app = app.name,
                         .line = std::string(exchange.head.method) + ' ' +
                                 std::string(exchange.head.target.substr(0, kMostOfTarget)),
                         .site = rules.site_name,
                         .route = rules.route_path,
                         .status = status,
                         .took = took});
}

// For as long as the stacks of its worker would be shown.
bool Responder::was_slow() const {
    if (!exchange_->submitted) return false;
    const auto none = RequestTimes::Length::zero();
    const milliseconds slow = exchange_->snapshot->config.apps[exchange_->request.app].slow_after;
    return slow != none && exchange_->times.of(TimePart::Queue).value_or(none) +
                                   exchange_->times.of(TimePart::App).value_or(none) >=
                               slow;
}

void Responder::log_access(std::uint16_t status) const {
    Exchange& exchange = *exchange_;
    if (std::exchange(exchange.has_record, true)) return;
    const RouteRules& rules = *exchange.match.rules;
    const AppRequest& request = exchange.request;
    const FramedAnswer& answer = exchange.answer;
    if (exchange.times.first == TimePoint()) exchange.times.handed_over = request.handed_over;
    exchange.times.sent = TimePoint::clock::now();
    const std::uint64_t bytes = answer_bytes_sent();
    rules.counters->count(status, bytes, exchange.times);
    if (exchange.submitted) note_app_time(status);
    if (context_.statsd && !client_.is_admin) context_.statsd->request(status, exchange.times);
    if (!rules.is_logged || !context_.access_log.is_on()) return;
    const RequestHead& head = exchange.head;
    const bool all_sent = answer.ended() && answer.buffer().empty();
    if (!all_sent && exchange.reason.empty()) exchange.reason = "the client left";
    const AccessFilter& filter = exchange.snapshot->access_filter;
    if (!filter.takes_all() &&
        !filter.takes(head.path, head.fields, exchange.id.view(),
                      status >= 400 || !exchange.reason.empty() || was_slow()))
        return;
    AccessRecord record = {
        .client = client_address(),
        .method = head.method,
        .target = shown_target(head),
        .protocol = protocol_text(head.version),
        .status = status,
        .body_bytes = answer.body_bytes_in(bytes),
        .client_port = exchange.claims.address.view().empty() ? client_.peer.port_text() : "",
        .path = head.path,
        .mount = exchange.match.mount,
        .query = head.query,
        .host = head.host,
        .scheme = scheme(),
        .tls_protocol = client_.tls != nullptr ? client_.tls->protocol() : std::string_view(),
        .server_port = client_.server_port,
        .fields = &head.fields,
        .answer_fields = exchange.answer_fields,
        .request_bytes = head.bytes.size() + exchange.body.size(),
        .bytes = bytes,
        .request_id = exchange.id.view(),
        .site = rules.site_name,
        .route = rules.route_path,
        .worker = request.worker_slot,
        .worker_pid = request.worker_pid,
        .reason = exchange.reason,
        .times = exchange.times};
    if (exchange.submitted) record.app = exchange.snapshot->config.apps[request.app].name;
    if (request.cost) {
        record.worker_cpu = std::chrono::nanoseconds(request.cost->cpu);
        record.worker_memory = static_cast<std::int64_t>(request.cost->grown) -
                               static_cast<std::int64_t>(request.cost->shrunk);
    }
    add_named_fields(head.fields, record, context_.scratch);
    context_.access_log.append(exchange.snapshot->access_line, record,
                               context_.wall_time(exchange.times.sent));
}

}  // namespace bundle
