#include "shared/config/access_format.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <climits>
#include <span>

#include "shared/config/option/nearest.hpp"
#include "shared/http/headers.hpp"
#include "shared/http/token.hpp"

namespace bundle {

namespace {

struct Name {
    std::string_view name;
    LogFact fact;
    TimePart part = TimePart::Total;
    TimeUnit unit = TimeUnit::Seconds;
};

// clang-format off
constexpr std::array kAtoms = {  // %(name)s
    Name{"h", LogFact::Client},
    Name{"l", LogFact::Dash},
    Name{"u", LogFact::User},
    Name{"t", LogFact::TimeInBrackets},
    Name{"r", LogFact::RequestLine},
    Name{"m", LogFact::Method},
    Name{"U", LogFact::Path},
    Name{"q", LogFact::QueryIfAny},
    Name{"H", LogFact::Protocol},
    Name{"s", LogFact::Status},
    Name{"B", LogFact::BodyBytes},
    Name{"b", LogFact::BodyBytes},
    Name{"T", LogFact::Duration, TimePart::Total, TimeUnit::WholeSeconds},
    Name{"M", LogFact::Duration, TimePart::Total, TimeUnit::WholeMilliseconds},
    Name{"D", LogFact::Duration, TimePart::Total, TimeUnit::Microseconds},
    Name{"L", LogFact::Duration, TimePart::Total, TimeUnit::SecondsInDetail},
    Name{"p", LogFact::PidInBrackets},
};
constexpr std::array kOurAtoms = {  // %({name}x)s
    Name{"request-id",   LogFact::RequestId},
    Name{"trace-id",     LogFact::TraceId},
    Name{"site",         LogFact::Site},
    Name{"route",        LogFact::Route},
    Name{"app",          LogFact::App},
    Name{"worker",       LogFact::Worker},
    Name{"worker-cpu-ms", LogFact::WorkerCpu, TimePart::Total, TimeUnit::Milliseconds},
    Name{"worker-memory", LogFact::WorkerMemory},
    Name{"reason",       LogFact::Reason},
    Name{"read-ms",      LogFact::Duration, TimePart::Read,     TimeUnit::Milliseconds},
    Name{"queue-ms",     LogFact::Duration, TimePart::Queue,    TimeUnit::Milliseconds},
    Name{"app-first-ms", LogFact::Duration, TimePart::AppFirst, TimeUnit::Milliseconds},
    Name{"app-ms",       LogFact::Duration, TimePart::App,      TimeUnit::Milliseconds},
    Name{"send-ms",      LogFact::Duration, TimePart::Send,     TimeUnit::Milliseconds},
    Name{"total-ms",     LogFact::Duration, TimePart::Total,    TimeUnit::Milliseconds},
};
// Of the environ, %({name}e)s in whatever case, what the front knows; and "http_...".
constexpr std::array kEnvironNames = {
    Name{"remote_addr",       LogFact::Client},
    Name{"remote_port",       LogFact::ClientPort},
    Name{"request_method",    LogFact::Method},
    Name{"request_uri",       LogFact::Target},
    Name{"raw_uri",           LogFact::Target},
    Name{"path_info",         LogFact::Path},
    Name{"query_string",      LogFact::QueryIfAny},
    Name{"script_name",       LogFact::ScriptName},
    Name{"server_name",       LogFact::ServerName},
    Name{"server_protocol",   LogFact::Protocol},
    Name{"server_port",       LogFact::ServerPort},
    Name{"wsgi.url_scheme",   LogFact::Scheme},
    Name{"bundle.request_id", LogFact::RequestId},
};
constexpr std::array kVariables = {  // $name
    Name{"remote_addr",            LogFact::Client},
    Name{"remote_port",            LogFact::ClientPort},
    Name{"remote_user",            LogFact::User},
    Name{"time_local",             LogFact::TimeCommon},
    Name{"time_iso8601",           LogFact::TimeIso},
    Name{"msec",                   LogFact::TimeEpoch},
    Name{"request",                LogFact::RequestLine},
    Name{"request_method",         LogFact::Method},
    Name{"request_uri",            LogFact::Target},
    Name{"uri",                    LogFact::Path},
    Name{"document_uri",           LogFact::Path},
    Name{"args",                   LogFact::Query},
    Name{"query_string",           LogFact::Query},
    Name{"is_args",                LogFact::QuestionMark},
    Name{"server_protocol",        LogFact::Protocol},
    Name{"host",                   LogFact::Host},
    Name{"scheme",                 LogFact::Scheme},
    Name{"server_name",            LogFact::Site},
    Name{"server_port",            LogFact::ServerPort},
    Name{"ssl_protocol",           LogFact::TlsProtocol},
    Name{"upstream_status",        LogFact::UpstreamStatus},
    Name{"request_length",         LogFact::RequestBytes},
    Name{"status",                 LogFact::Status},
    Name{"body_bytes_sent",        LogFact::BodyBytes},
    Name{"bytes_sent",             LogFact::Bytes},
    Name{"request_time",           LogFact::Duration, TimePart::Total},
    Name{"upstream_connect_time",  LogFact::Duration, TimePart::Queue},
    Name{"upstream_header_time",   LogFact::Duration, TimePart::QueueToFirst},
    Name{"upstream_response_time", LogFact::Duration, TimePart::QueueToEnd},
    Name{"request_id",             LogFact::RequestId},
    Name{"trace_id",               LogFact::TraceId},
    Name{"pid",                    LogFact::Pid},
    Name{"site",                   LogFact::Site},
    Name{"route",                  LogFact::Route},
    Name{"app",                    LogFact::App},
    Name{"worker",                 LogFact::Worker},
    Name{"worker_cpu_time",        LogFact::WorkerCpu, TimePart::Total, TimeUnit::SecondsInDetail},
    Name{"worker_memory",          LogFact::WorkerMemory},
    Name{"reason",                 LogFact::Reason},
    Name{"read_time",              LogFact::Duration, TimePart::Read,     TimeUnit::SecondsInDetail},
    Name{"queue_time",             LogFact::Duration, TimePart::Queue,    TimeUnit::SecondsInDetail},
    Name{"app_first_time",         LogFact::Duration, TimePart::AppFirst, TimeUnit::SecondsInDetail},
    Name{"app_time",               LogFact::Duration, TimePart::App,      TimeUnit::SecondsInDetail},
    Name{"send_time",              LogFact::Duration, TimePart::Send,     TimeUnit::SecondsInDetail},
};
// clang-format on

LogPiece piece_of(const Name& name) {
    return {.fact = name.fact, .part = name.part, .unit = name.unit};
}

LogPiece piece_of(LogFact fact, std::string_view field) {
    LogPiece piece{.fact = fact, .text = std::string(field)};
    for (char& c : piece.text) c = c == '_' ? '-' : ascii_lower(c);
    return piece;
}

std::string lower_case(std::string_view text) {
    std::string lower(text);
    std::ranges::transform(lower, lower.begin(), ascii_lower);
    return lower;
}

std::string host_name() {
    std::array<char, HOST_NAME_MAX + 1> name{};
    return gethostname(name.data(), HOST_NAME_MAX) == 0 ? name.data() : "-";
}

class Parser {
  public:
    explicit Parser(std::string_view text) : text_(text) {}

    Result<std::vector<LogPiece>> parse() {
        while (at_ < text_.size()) {
            const char c = text_[at_];
            const bool doubled = at_ + 1 < text_.size() && text_[at_ + 1] == c;
            if ((c == '%' || c == '$') && !doubled) {
                TRY(c == '%' ? read_atom() : read_variable());
                continue;
            }
            if (c == '"') in_quotes_ = !in_quotes_;
            literal_ += c;
            at_ += c == '%' || c == '$' ? 2 : 1;
        }
        end_literal();
        return std::move(pieces_);
    }

  private:
    [[nodiscard]] tl::unexpected<Error> wrong(std::string_view what) const {
        return failure(fmt::format("at character {} it has {}", at_ + 1, what));
    }
    [[nodiscard]] tl::unexpected<Error> unknown(std::string_view written, std::string_view name,
                                                std::span<const Name> known) const {
        std::vector<std::string_view> names;
        for (const Name& row : known) names.push_back(row.name);
        // Of single letters each is as near as any other.
        const auto near = name.size() > 1 ? config::nearest(name, names) : std::nullopt;
        return wrong(fmt::format("{}, which is unknown{}", written,
                                 near ? fmt::format("; did you mean {}?", *near) : ""));
    }

    void end_literal() {
        if (!literal_.empty()) pieces_.push_back({.text = std::move(literal_)});
        literal_.clear();
    }
    Result<void> add(LogPiece piece, std::size_t end) {
        end_literal();
        piece.in_quotes = in_quotes_;
        pieces_.push_back(std::move(piece));
        at_ = end;
        return {};
    }

    static const Name* find(std::span<const Name> names, std::string_view name) {
        const auto found = std::ranges::find(names, name, &Name::name);
        return found == names.end() ? nullptr : &*found;
    }

    // "%(h)s"
    Result<void> read_atom() {
        const std::size_t close = text_.find(')', at_);
        const std::size_t end = close + 2;
        const bool is_whole = at_ + 1 < text_.size() && text_[at_ + 1] == '(' &&
                              close != std::string_view::npos && end <= text_.size() &&
                              (text_[close + 1] == 's' || text_[close + 1] == 'd');
        if (!is_whole) return wrong("a \"%\" that begins no %(name)s and is no \"%%\"");
        const std::string_view inside = text_.substr(at_ + 2, close - at_ - 2);
        if (inside.starts_with('{')) return read_named_atom(inside, end);
        if (inside == "f") return add(piece_of(LogFact::RequestField, "referer"), end);
        if (inside == "a") return add(piece_of(LogFact::RequestField, "user-agent"), end);
        if (const Name* name = find(kAtoms, inside)) return add(piece_of(*name), end);
        return unknown(text_.substr(at_, end - at_), inside, kAtoms);
    }

    // "{referer}i"
    Result<void> read_named_atom(std::string_view inside, std::size_t end) {
        const std::string_view written = text_.substr(at_, end - at_);
        const std::size_t close = inside.find('}');
        if (close == std::string_view::npos || close + 2 != inside.size())
            return wrong(fmt::format("{}, which is not of the form %({{name}}i)s", written));
        const std::string_view name = inside.substr(1, close - 1);
        switch (inside.back()) {
            case 'i':
            case 'o':
                if (!is_token(name)) break;
                return add(
                    piece_of(inside.back() == 'i' ? LogFact::RequestField : LogFact::AnswerField,
                             name),
                    end);
            case 'e':
                return read_environ_name(name, end);
            case 'x':
                if (const Name* ours = find(kOurAtoms, name)) return add(piece_of(*ours), end);
                return unknown(written, name, kOurAtoms);
            default:
                break;
        }
        return wrong(fmt::format("{}, which is unknown", written));
    }

    // What the front does not know is a dash, as gunicorn prints what an environ does not have.
    Result<void> read_environ_name(std::string_view written_name, std::size_t end) {
        const std::string lower = lower_case(written_name);
        std::string_view name = lower;
        constexpr std::string_view kHttp = "http_";
        const bool is_field = name.starts_with(kHttp) && is_token(name.substr(kHttp.size()));
        if (is_field || name == "content_type" || name == "content_length") {
            if (is_field) name.remove_prefix(kHttp.size());
            return add(piece_of(LogFact::RequestField, name), end);
        }
        const Name* known = find(kEnvironNames, name);
        return add(known != nullptr ? piece_of(*known) : LogPiece{.fact = LogFact::Dash}, end);
    }

    // "$remote_addr", "${remote_addr}"
    Result<void> read_variable() {
        const auto is_of_name = [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
        };
        const bool in_braces = text_.substr(at_).starts_with("${");
        const std::size_t begin = at_ + (in_braces ? 2 : 1);
        std::size_t end = begin;
        while (end < text_.size() && is_of_name(text_[end])) ++end;
        const std::string_view name = text_.substr(begin, end - begin);
        if (in_braces && (end == text_.size() || text_[end++] != '}'))
            return wrong("a \"${\" without its \"}\"");
        if (name.empty()) return wrong("a \"$\" that begins no $name and is no \"$$\"");
        if (const Name* known = find(kVariables, name)) return add(piece_of(*known), end);
        if (name == "content_length" || name == "content_type")
            return add(piece_of(LogFact::RequestField, name), end);
        if (name == "hostname") return add({.text = host_name()}, end);
        for (const auto& [prefix, fact] : {
                 std::pair{std::string_view("http_"), LogFact::RequestField},
                 {"sent_http_",              LogFact::AnswerField },
        }) {
            if (name.size() > prefix.size() && name.starts_with(prefix))
                return add(piece_of(fact, name.substr(prefix.size())), end);
        }
        for (const auto& [prefix, fact] : {
                 std::pair{std::string_view("arg_"), LogFact::QueryArgument},
                 {"cookie_",                LogFact::Cookie       },
        }) {
            if (name.size() > prefix.size() && name.starts_with(prefix))
                return add({.fact = fact, .text = std::string(name.substr(prefix.size()))}, end);
        }
        return unknown(text_.substr(at_, end - at_), name, kVariables);
    }

    std::string_view text_;
    std::size_t at_ = 0;
    bool in_quotes_ = false;
    std::string literal_;
    std::vector<LogPiece> pieces_;
};

}  // namespace

Result<std::vector<LogPiece>> parse_access_format(std::string_view text) {
    TRY_ASSIGN(auto pieces, Parser(text).parse());
    const bool tells = std::ranges::any_of(
        pieces, [](const LogPiece& piece) { return piece.fact != LogFact::Text; });
    if (!tells)
        return failure(
            "it must be \"combined\", \"json\", or a text with gunicorn's %(x)s or nginx's $names");
    return pieces;
}

bool tells_cost(std::string_view format) {
    if (format == kCombinedFormat || format == kJsonFormat) return format == kJsonFormat;
    const auto pieces = parse_access_format(format);
    return pieces && std::ranges::any_of(*pieces, [](const LogPiece& piece) {
               return piece.fact == LogFact::WorkerCpu || piece.fact == LogFact::WorkerMemory;
           });
}

std::optional<std::string> config::check_access_format(std::string_view text) {
    if (text == kCombinedFormat || text == kJsonFormat) return std::nullopt;
    const auto pieces = parse_access_format(text);
    return pieces ? std::nullopt : std::optional(pieces.error().message);
}

}  // namespace bundle
