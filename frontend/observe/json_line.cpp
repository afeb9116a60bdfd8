#include "frontend/observe/json_line.hpp"

#include <array>

#include "frontend/observe/log_text.hpp"

namespace bundle {

namespace {

// A member's name with what stands around it, made by the compiler: there are 30 in each line.
class Key {
  public:
    // NOLINTNEXTLINE(google-explicit-constructor): a literal is meant
    consteval Key(const char* name) {
        add(",\"");
        add(name);
        add("\":");
    }
    [[nodiscard]] constexpr std::string_view text() const { return {text_.data(), size_}; }

  private:
    constexpr void add(std::string_view part) {
        for (const char c : part) text_.at(size_++) = c;
    }
    std::array<char, 24> text_{};
    std::size_t size_ = 0;
};

class JsonObject {
  public:
    explicit JsonObject(std::string& out) : out_(out), begin_(out.size()) {}

    // null when it is empty.
    void text(const Key& key, std::string_view value) {
        begin(key);
        if (value.empty()) {
            out_ += "null";
        } else {
            append_json(out_, value);
        }
    }
    void number(const Key& key, std::uint64_t value) {
        begin(key);
        append_number(out_, value);
    }
    void signed_number(const Key& key, std::int64_t value) {
        begin(key);
        append_signed(out_, value);
    }
    void null(const Key& key) {
        begin(key);
        out_ += "null";
    }
    void seconds(const Key& key, std::optional<RequestTimes::Length> length) {
        if (!length) return null(key);
        begin(key);
        append_decimal(out_, static_cast<std::uint64_t>(length->count() / 1000), 6);
    }
    void moment(const Key& key, const LogClock& clock) {
        begin(key);
        out_ += '"';
        out_ += clock.iso();
        std::string micros;
        append_decimal(micros, clock.micros() % 1'000'000, 6);
        out_.append(micros, 1);  // without the "0"
        out_ += "Z\"";
    }
    void end() {
        out_[begin_] = '{';  // where the first comma stands
        out_ += '}';
    }

  private:
    void begin(const Key& key) { out_ += key.text(); }

    std::string& out_;
    std::size_t begin_;
};

}  // namespace

void append_json_line(std::string& out, const AccessRecord& record, const LogClock& clock) {
    JsonObject line(out);
    line.moment("time", clock);
    line.text("request_id", record.request_id);
    line.text("trace_id", record.trace_id);
    line.text("client", record.client);
    line.text("user", record.user);
    line.text("method", record.method);
    line.text("scheme", record.scheme);
    line.text("host", record.host);
    line.text("target", record.target);
    line.text("protocol", record.method.empty() ? std::string_view() : record.protocol);
    line.number("status", record.status);
    line.text("reason", record.reason);
    line.number("body_bytes", record.body_bytes);
    line.number("request_bytes", record.request_bytes);
    line.text("referer", record.referer);
    line.text("user_agent", record.user_agent);
    line.text("site", record.site);
    line.text("route", record.route);
    line.text("app", record.app);
    if (record.worker_pid != 0) {
        line.number("worker", record.worker);
        line.number("pid", record.worker_pid);
    } else {
        line.null("worker");
        line.null("pid");
    }
    line.seconds("worker_cpu", record.worker_cpu);
    if (record.worker_memory)
        line.signed_number("worker_memory", *record.worker_memory);
    else
        line.null("worker_memory");
    line.seconds("t_read", record.times.of(TimePart::Read));
    line.seconds("t_queue", record.times.of(TimePart::Queue));
    line.seconds("t_app_first", record.times.of(TimePart::AppFirst));
    line.seconds("t_app", record.times.of(TimePart::App));
    line.seconds("t_send", record.times.of(TimePart::Send));
    line.seconds("t_total", record.times.of(TimePart::Total));
    line.end();
}

}  // namespace bundle
