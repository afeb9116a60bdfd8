#include "frontend/answer/response_writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <iterator>

#include "frontend/answer/head_writer.hpp"
#include "frontend/answer/server_fields.hpp"
#include "shared/base/version.hpp"

namespace bundle {

namespace {

constexpr std::uint16_t kResetContent = 205;

// Fields of an answer that the connection decides, or that we look at. Told apart by length first:
// this runs for every field of every answer.
enum class Known { Other, HopByHop, ForServer, ContentLength, Date, Server, RequestId };

Known classify(std::string_view name) {
    if (is_for_server(name)) return Known::ForServer;
    const auto is = [name](std::string_view known) { return equals_ignoring_case(name, known); };
    switch (name.size()) {
        case 2:
            return is("te") ? Known::HopByHop : Known::Other;
        case 4:
            return is("date") ? Known::Date : Known::Other;
        case 6:
            return is("server") ? Known::Server : Known::Other;
        case 7:
            return is("upgrade") || is("trailer") ? Known::HopByHop : Known::Other;
        case 10:
            return is("connection") || is("keep-alive") ? Known::HopByHop : Known::Other;
        case 12:
            return is("x-request-id") ? Known::RequestId : Known::Other;
        case 14:
            return is("content-length") ? Known::ContentLength : Known::Other;
        case 16:
            return is("proxy-connection") ? Known::HopByHop : Known::Other;
        case 17:
            return is("transfer-encoding") ? Known::HopByHop : Known::Other;
        default:
            return Known::Other;
    }
}

// Neither may end the field, or the head, before its time: then what follows would be taken for
// another answer. Workers check what applications give them; this holds when a worker cannot be
// trusted either.
bool is_control(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t') || byte == 0x7f;
}

// True for some that have none, such as a tab.
bool may_have_control(const char* eight_bytes) {
    constexpr std::uint64_t kOnes = 0x0101010101010101;
    constexpr std::uint64_t kHigh = 0x80 * kOnes;
    constexpr std::uint64_t kDeletes = 0x7f * kOnes;
    std::uint64_t bytes = 0;
    std::memcpy(&bytes, eight_bytes, sizeof bytes);
    const std::uint64_t below_space = (bytes - 0x20 * kOnes) & ~bytes;
    const std::uint64_t deletes = ((bytes ^ kDeletes) - kOnes) & ~(bytes ^ kDeletes);
    return ((below_space | deletes) & kHigh) != 0;
}

// Eight bytes at a time, the last eight once more with those before them: it is asked of every byte
// of every head.
bool has_control(std::string_view text) {
    constexpr std::size_t kStep = sizeof(std::uint64_t);
    if (text.size() >= kStep) {
        std::size_t at = 0;
        while (at + kStep < text.size() && !may_have_control(text.data() + at)) at += kStep;
        if (at + kStep >= text.size() && !may_have_control(text.data() + text.size() - kStep))
            return false;
    }
    return std::ranges::any_of(text, is_control);
}

bool is_harmless(const HeaderField& field) {
    return !field.name.empty() && !has_control(field.name) && !has_control(field.value);
}

// Which optional fields an answer brought with it.
struct Seen {
    std::optional<std::uint64_t> content_length;
    bool bad_field = false;  // or a Content-Length that is no number
    bool date = false;
    bool server = false;
    bool request_id = false;

    // What the configuration decides is not ours to add.
    void take_as_seen(const HeaderChanges& changes) {
        date |= changes.decide("date");
        server |= changes.decide("server");
        request_id |= changes.decide("x-request-id");
    }

    void read_length(std::string_view value) {
        std::uint64_t length = 0;
        const auto [end, error] =
            std::from_chars(value.data(), value.data() + value.size(), length);
        const bool whole = error == std::errc() && end == value.data() + value.size();
        if (!whole || (content_length && *content_length != length)) bad_field = true;
        content_length = length;
    }
};

Seen write_fields(HeadWriter& out, std::span<const HeaderField> fields,
                  const HeaderChanges* changes) {
    HeaderChanges::Pass pass(changes);
    Seen seen;
    for (const HeaderField& field : fields) {
        if (!is_harmless(field)) seen.bad_field = true;
        switch (classify(field.name)) {
            case Known::HopByHop:
            case Known::ForServer:
                continue;
            case Known::ContentLength:
                seen.read_length(field.value);
                continue;
            case Known::Date:
                seen.date = true;
                break;
            case Known::Server:
                seen.server = true;
                break;
            case Known::RequestId:
                seen.request_id = true;
                break;
            case Known::Other:
                break;
        }
        if (pass.keeps(field.name)) out.field(field.name, field.value);
    }
    pass.append_to(out);
    return seen;
}

AnswerFraming framing_of(std::uint16_t status, const Seen& seen, const AnswerContext& context) {
    const bool bodiless =
        status == 204 || status == kResetContent || status == 304 || context.head_only;
    if (bodiless) return {Framing::None, 0, context.keep_alive};
    if (seen.content_length) return {Framing::Length, *seen.content_length, context.keep_alive};
    if (context.version == HttpVersion::Http11) return {Framing::Chunked, 0, context.keep_alive};
    if (context.version == HttpVersion::Http2) return {Framing::UntilClose, 0, context.keep_alive};
    return {Framing::UntilClose, 0, false};
}

void write_framing(HeadWriter& out, std::uint16_t status, const Seen& seen,
                   const AnswerFraming& framing, const AnswerContext& context) {
    // A 204 says nothing of a length (RFC 9110 section 8.6), a 205 that there is no content
    // (section 15.3.6); HEAD and 304 say what a GET would have had.
    if (status == kResetContent) {
        out.field("Content-Length", "0");
    } else if (seen.content_length && status != 204) {
        const fmt::format_int length(*seen.content_length);
        out.field("Content-Length", {length.data(), length.size()});
    }
    if (context.version == HttpVersion::Http2) return;  // the frames say the rest
    if (framing.framing == Framing::Chunked) out.field("Transfer-Encoding", "chunked");
    if (!framing.keep_alive) {
        out.field("Connection", "close");
    } else if (context.version == HttpVersion::Http10) {
        out.field("Connection", "keep-alive");
    }
}

}  // namespace

std::optional<AnswerFraming> write_answer_head(std::string& bytes, std::uint16_t status,
                                               std::string_view reason,
                                               std::span<const HeaderField> fields,
                                               const AnswerContext& context) {
    const std::size_t before = bytes.size();
    HeadWriter out(bytes, context.version);
    out.status(status, reason);
    Seen seen = write_fields(out, fields, context.changes);
    if (seen.bad_field || !is_harmless({"reason", reason})) {
        bytes.resize(before);
        return std::nullopt;
    }
    if (context.changes != nullptr) seen.take_as_seen(*context.changes);
    if (!seen.date) out.field("Date", context.date);
    if (!seen.server && context.server_header == ServerHeader::Name) out.field("Server", "bundle");
    if (!seen.server && context.server_header == ServerHeader::Full)
        out.field("Server", std::string("bundle/").append(kBundleVersion));
    if (!seen.request_id && !context.request_id.empty())
        out.field("X-Request-ID", context.request_id);
    const AnswerFraming framing = framing_of(status, seen, context);
    write_framing(out, status, seen, framing, context);
    out.end();
    return framing;
}

bool write_interim_head(std::string& bytes, HttpVersion version, std::uint16_t status,
                        std::string_view reason, std::span<const HeaderField> fields) {
    const std::size_t before = bytes.size();
    HeadWriter out(bytes, version);
    out.status(status, reason);
    if (write_fields(out, fields, nullptr).bad_field || !is_harmless({"reason", reason})) {
        bytes.resize(before);
        return false;
    }
    out.end();
    return true;
}

void write_chunk_size(std::string& out, std::uint64_t size) {
    fmt::format_to(std::back_inserter(out), FMT_STRING("{:x}\r\n"), size);
}

}  // namespace bundle
