#include "frontend/observe/access_line.hpp"

#include <algorithm>

#include "frontend/observe/json_line.hpp"
#include "frontend/observe/log_text.hpp"
#include "shared/http/token.hpp"

namespace bundle {

namespace {

void append_in_quotes(std::string& out, std::string_view text) {
    out += '"';
    append_or_dash<Spaces::Keep>(out, text);
    out += '"';
}

void append_request(std::string& out, const AccessRecord& record) {
    if (record.method.empty()) return append_or_dash<Spaces::Keep>(out, record.target);
    append_escaped<Spaces::Keep>(out, record.method);
    out += ' ';
    append_escaped<Spaces::Keep>(out, record.target);
    out += ' ';
    append_escaped<Spaces::Keep>(out, record.protocol);
}

void append_combined(std::string& out, const AccessRecord& record, const LogClock& clock) {
    append_or_dash<Spaces::Escape>(out, record.client);
    out += " - ";
    append_or_dash<Spaces::Escape>(out, record.user);
    out += " [";
    out += clock.common();
    out += "] \"";
    append_request(out, record);
    out += "\" ";
    append_number(out, record.status);
    out += ' ';
    append_number(out, record.body_bytes);
    out += ' ';
    append_in_quotes(out, record.referer);
    out += ' ';
    append_in_quotes(out, record.user_agent);
}

std::string_view value_of_field(const AccessRecord& record, std::string_view name) {
    if (record.fields == nullptr) return {};
    const HeaderField* field = find_field(*record.fields, name);
    return field != nullptr ? field->value : std::string_view();
}

// "b" of name "a" in "a=b&c=d"; names in whatever case, as in nginx.
std::string_view value_in(std::string_view pairs, char separator, std::string_view name) {
    while (!pairs.empty()) {
        const std::size_t end = std::min(pairs.find(separator), pairs.size());
        std::string_view pair = pairs.substr(0, end);
        pairs.remove_prefix(std::min(end + 1, pairs.size()));
        pair.remove_prefix(std::min(pair.find_first_not_of(' '), pair.size()));
        const std::size_t equals = pair.find('=');
        if (equals != std::string_view::npos && equals_ignoring_case(pair.substr(0, equals), name))
            return pair.substr(equals + 1);
    }
    return {};
}

std::string_view without_port(std::string_view authority) {
    const std::size_t colon = authority.rfind(':');
    return authority.ends_with(']') ? authority : authority.substr(0, colon);
}

void append_length(std::string& out, std::optional<RequestTimes::Length> length, TimeUnit unit) {
    if (!length) {
        out += '-';
        return;
    }
    const auto micros = static_cast<std::uint64_t>(length->count() / 1000);
    switch (unit) {
        case TimeUnit::WholeSeconds:
            return append_number(out, micros / 1'000'000);
        case TimeUnit::WholeMilliseconds:
            return append_number(out, micros / 1000);
        case TimeUnit::Microseconds:
            return append_number(out, micros);
        case TimeUnit::Milliseconds:
            return append_decimal(out, micros, 3);
        case TimeUnit::Seconds:
            return append_decimal(out, micros / 1000, 3);
        case TimeUnit::SecondsInDetail:
            return append_decimal(out, micros, 6);
    }
}

class PieceWriter {
  public:
    PieceWriter(std::string& out, const AccessRecord& record, const LogClock& clock)
        : out_(out), record_(record), clock_(clock) {}

    void write(const LogPiece& piece) {
        if (write_moment(piece.fact) || write_number(piece.fact)) return;
        switch (piece.fact) {
            case LogFact::Text:
                out_ += piece.text;
                return;
            case LogFact::RequestLine:
                return append_request(out_, record_);
            case LogFact::Duration:
                return append_length(out_, record_.times.of(piece.part), piece.unit);
            case LogFact::WorkerCpu:
                return append_length(out_, record_.worker_cpu, piece.unit);
            case LogFact::WorkerMemory:
                if (!record_.worker_memory)
                    out_ += '-';
                else
                    append_signed(out_, *record_.worker_memory);
                return;
            case LogFact::QuestionMark:
                if (!record_.query.empty()) out_ += '?';
                return;
            case LogFact::QueryIfAny:
                return append_escaped<Spaces::Escape>(out_, record_.query);
            case LogFact::ScriptName:
                return append_escaped<Spaces::Escape>(out_, record_.mount);
            default:
                break;
        }
        const std::string_view text = text_of(piece);
        if (piece.in_quotes) {
            append_or_dash<Spaces::Keep>(out_, text);
        } else {
            append_or_dash<Spaces::Escape>(out_, text);
        }
    }

  private:
    bool write_moment(LogFact fact) {
        switch (fact) {
            case LogFact::TimeCommon:
                out_ += clock_.common();
                return true;
            case LogFact::TimeInBrackets:
                out_ += '[';
                out_ += clock_.common();
                out_ += ']';
                return true;
            case LogFact::TimeIso:
                out_ += clock_.iso();
                out_ += "+00:00";
                return true;
            case LogFact::TimeEpoch:
                append_decimal(out_, clock_.micros() / 1000, 3);
                return true;
            default:
                return false;
        }
    }

    bool write_number(LogFact fact) {
        switch (fact) {
            case LogFact::Status:
                append_number(out_, record_.status);
                return true;
            case LogFact::BodyBytes:
                append_number(out_, record_.body_bytes);
                return true;
            case LogFact::Bytes:
                append_number(out_, record_.bytes);
                return true;
            case LogFact::RequestBytes:
                append_number(out_, record_.request_bytes);
                return true;
            case LogFact::UpstreamStatus:
                if (record_.times.first == RequestTimes::Moment())
                    out_ += '-';
                else
                    append_number(out_, record_.status);
                return true;
            case LogFact::Worker:
                write_of_worker("", record_.worker, "");
                return true;
            case LogFact::Pid:
                write_of_worker("", record_.worker_pid, "");
                return true;
            case LogFact::PidInBrackets:
                write_of_worker("<", record_.worker_pid, ">");
                return true;
            default:
                return false;
        }
    }

    void write_of_worker(std::string_view before, std::uint32_t number, std::string_view after) {
        if (record_.worker_pid == 0) {
            out_ += '-';
            return;
        }
        out_ += before;
        append_number(out_, number);
        out_ += after;
    }

    std::string_view text_of(const LogPiece& piece) {
        switch (piece.fact) {
            case LogFact::Client:
                return record_.client;
            case LogFact::ClientPort:
                return record_.client_port;
            case LogFact::User:
                return record_.user;
            case LogFact::Method:
                return record_.method;
            case LogFact::Target:
                return record_.target;
            case LogFact::Path:
                return record_.path;
            case LogFact::Query:
                return record_.query;
            case LogFact::Protocol:
                return record_.method.empty() ? std::string_view() : record_.protocol;
            case LogFact::Host:
                return record_.host;
            case LogFact::Scheme:
                return record_.scheme;
            case LogFact::ServerPort:
                return record_.server_port;
            case LogFact::ServerName:
                return without_port(record_.host);
            case LogFact::TlsProtocol:
                return record_.tls_protocol;
            case LogFact::RequestField:
                return value_of_field(record_, piece.text);
            case LogFact::QueryArgument:
                return value_in(record_.query, '&', piece.text);
            case LogFact::Cookie:
                return value_in(value_of_field(record_, "cookie"), ';', piece.text);
            case LogFact::AnswerField:
                return next_answer_field();
            case LogFact::RequestId:
                return record_.request_id;
            case LogFact::TraceId:
                return record_.trace_id;
            case LogFact::Site:
                return record_.site;
            case LogFact::Route:
                return record_.route;
            case LogFact::App:
                return record_.app;
            case LogFact::Reason:
                return record_.reason;
            default:
                return {};
        }
    }

    // They stand in the order of the pieces.
    std::string_view next_answer_field() {
        return answer_field_ < record_.answer_fields.size()
                   ? std::string_view(record_.answer_fields[answer_field_++])
                   : std::string_view();
    }

    std::string& out_;
    const AccessRecord& record_;
    const LogClock& clock_;
    std::size_t answer_field_ = 0;
};

}  // namespace

Result<AccessLine> AccessLine::create(std::string_view format) {
    AccessLine line;
    if (format == kCombinedFormat) return line;
    line.kind_ = format == kJsonFormat ? Kind::Json : Kind::Pieces;
    if (line.kind_ == Kind::Json) return line;
    TRY_ASSIGN(line.pieces_, parse_access_format(format));
    for (const LogPiece& piece : line.pieces_)
        if (piece.fact == LogFact::AnswerField) line.answer_fields_.push_back(piece.text);
    return line;
}

void AccessLine::append_to(std::string& out, const AccessRecord& record,
                           const LogClock& clock) const {
    if (kind_ == Kind::Combined) {
        append_combined(out, record, clock);
    } else if (kind_ == Kind::Json) {
        append_json_line(out, record, clock);
    } else {
        PieceWriter writer(out, record, clock);
        for (const LogPiece& piece : pieces_) writer.write(piece);
    }
    out += '\n';
}

void note_answer_fields(std::string_view head, const std::vector<std::string>& names,
                        std::vector<std::string>& values) {
    values.assign(names.size(), {});
    for (head.remove_prefix(std::min(head.find('\n'), head.size()));;) {
        head.remove_prefix(std::min<std::size_t>(1, head.size()));
        const std::size_t end = head.find('\n');
        const std::string_view line = head.substr(0, end);
        const std::size_t colon = line.find(':');
        if (end == std::string_view::npos || colon == std::string_view::npos) return;
        for (std::size_t i = 0; i < names.size(); ++i) {
            if (!values[i].empty() || !equals_ignoring_case(line.substr(0, colon), names[i]))
                continue;
            values[i] = without_white_space_around(line.substr(colon + 1, line.size() - colon - 2));
        }
        head.remove_prefix(end);
    }
}

}  // namespace bundle
