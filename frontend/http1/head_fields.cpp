#include "frontend/http1/head_fields.hpp"

#include <charconv>
#include <cstring>

#include "frontend/request/authority.hpp"
#include "shared/http/token.hpp"

namespace bundle::http1 {

namespace {

enum class Known : std::uint8_t {
    Other,
    Connection,
    // From here on at most one may come. A second one of these would let the front and the
    // application, or we and a proxy before us, obey different ones: who is asked, how long the
    // body is, what it is, who asks, and what may be answered instead. Lists (If-Match, Cookie) may
    // come in parts; others harm nobody.
    Host,
    ContentLength,
    TransferEncoding,
    ContentType,
    ContentRange,
    Authorization,
    Expect,
    Range,
    IfRange,
    IfModifiedSince,
    IfUnmodifiedSince,
};

// `name` is lower-case. The length tells most names apart before a byte is compared.
Known known_field(std::string_view name) {
    const auto if_is = [name](std::string_view text, Known known) {
        return name == text ? known : Known::Other;
    };
    switch (name.size()) {
        case 4:
            return if_is("host", Known::Host);
        case 5:
            return if_is("range", Known::Range);
        case 6:
            return if_is("expect", Known::Expect);
        case 8:
            return if_is("if-range", Known::IfRange);
        case 10:
            return if_is("connection", Known::Connection);
        case 12:
            return if_is("content-type", Known::ContentType);
        case 13:
            return name.front() == 'a' ? if_is("authorization", Known::Authorization)
                                       : if_is("content-range", Known::ContentRange);
        case 14:
            return if_is("content-length", Known::ContentLength);
        case 17:
            return name.front() == 't' ? if_is("transfer-encoding", Known::TransferEncoding)
                                       : if_is("if-modified-since", Known::IfModifiedSince);
        case 19:
            return if_is("if-unmodified-since", Known::IfUnmodifiedSince);
        default:
            return Known::Other;
    }
}

// Eight bytes at a time: names make up a third of a head.
constexpr std::uint64_t lower_case(std::uint64_t bytes) {
    constexpr std::uint64_t kOnes = 0x0101010101010101;
    const std::uint64_t low = bytes & (0x7f * kOnes);
    const std::uint64_t above_z = low + (0x7f - 'Z') * kOnes;
    const std::uint64_t from_a = low + (0x80 - 'A') * kOnes;
    const std::uint64_t upper = (from_a & ~above_z) & ~bytes & (0x80 * kOnes);
    return bytes | upper >> 2;
}

// The last word overlaps the one before it. It is loaded before that is stored: a load that crosses
// a store just made waits for it.
template <typename Word>
void make_lower_case_by(char* text, std::size_t size) {
    const auto load = [](const char* from) {
        Word word;
        std::memcpy(&word, from, sizeof word);
        return static_cast<Word>(lower_case(word));
    };
    const Word last = load(text + size - sizeof(Word));
    for (std::size_t at = 0; at + sizeof(Word) < size; at += sizeof(Word)) {
        const Word word = load(text + at);
        std::memcpy(text + at, &word, sizeof word);
    }
    std::memcpy(text + size - sizeof(Word), &last, sizeof last);
}

void make_lower_case(char* text, std::size_t size) {
    if (size >= 8) return make_lower_case_by<std::uint64_t>(text, size);
    if (size >= 4) return make_lower_case_by<std::uint32_t>(text, size);
    for (std::size_t i = 0; i < size; ++i) text[i] = ascii_lower(text[i]);
}

class FieldCheck {
  public:
    explicit FieldCheck(RequestHead& head) : head_(head) {}

    std::optional<Refusal> run() {
        for (HeaderField& field : head_.fields) normalise(field);
        for (const HeaderField& field : head_.fields) {
            if (const auto refusal = read(known_field(field.name), field.value)) return refusal;
        }
        return check_together();
    }

  private:
    void normalise(HeaderField& field) {
        const auto at = static_cast<std::size_t>(field.name.data() - head_.bytes.data());
        make_lower_case(head_.bytes.data() + at, field.name.size());
        while (!field.value.empty() && is_white_space(field.value.back()))
            field.value.remove_suffix(1);
    }

    std::optional<Refusal> read(Known known, std::string_view value) {
        if (known == Known::Other) return std::nullopt;
        if (known == Known::Connection) return read_connection(value);
        const std::uint32_t bit = 1U << static_cast<unsigned>(known);
        if ((seen_ & bit) != 0) return Refusal{400, "field that may come once came twice"};
        seen_ |= bit;
        switch (known) {
            case Known::Host:
                return read_host(value);
            case Known::ContentLength:
                return read_content_length(value);
            case Known::TransferEncoding:
                return read_transfer_encoding(value);
            case Known::Expect:
                return read_expect(value);
            default:
                return std::nullopt;
        }
    }

    std::optional<Refusal> read_host(std::string_view value) {
        if (!is_valid_authority(value)) return Refusal{400, "malformed Host"};
        // The target's authority is what counts (RFC 9112 section 3.2.2), and every honest client
        // sends the same in both. The application reads Host, so we do not let them differ.
        if (!head_.host.empty() && !equals_ignoring_case(head_.host, value))
            return Refusal{400, "Host differs from the target's authority"};
        head_.host = value;
        return std::nullopt;
    }

    std::optional<Refusal> read_content_length(std::string_view value) {
        constexpr std::size_t kMaxDigits =
            18;  // fits a signed 64-bit number, as all who follow us use
        std::uint64_t length = 0;
        const char* const end = value.data() + value.size();
        const auto [stopped, error] = std::from_chars(value.data(), end, length);
        if (error != std::errc{} || stopped != end || value.size() > kMaxDigits)
            return Refusal{400, "malformed Content-Length"};
        head_.content_length = length;
        return std::nullopt;
    }

    // Only "chunked" and nothing beside it: we decode no other coding, and a list is where readers
    // disagree about which member frames the message.
    std::optional<Refusal> read_transfer_encoding(std::string_view value) {
        if (equals_ignoring_case(value, "chunked")) {
            head_.chunked = true;
            return std::nullopt;
        }
        while (!value.empty()) {
            const auto coding = take_list_item(value);
            if (is_token(coding) && !equals_ignoring_case(coding, "chunked"))
                return Refusal{501, "transfer coding other than chunked"};
        }
        return Refusal{400, "malformed Transfer-Encoding"};
    }

    std::optional<Refusal> read_expect(std::string_view value) {
        // HTTP/1.0 does not know the field: RFC 9110 section 10.1.1 has us ignore it.
        if (head_.version == HttpVersion::Http10) return std::nullopt;
        if (!equals_ignoring_case(value, "100-continue"))
            return Refusal{417, "expectation other than 100-continue"};
        head_.expects_continue = true;
        return std::nullopt;
    }

    // Each option costs a comparison with each field when hop-by-hop fields are removed, so a
    // client cannot have as many as fit its head.
    std::optional<Refusal> read_connection(std::string_view value) {
        constexpr unsigned kMaxOptions = 32;
        while (!value.empty()) {
            const auto option = take_list_item(value);
            if (++connection_options_ > kMaxOptions)
                return Refusal{400, "too many options in Connection"};
            if (equals_ignoring_case(option, "close")) close_ = true;
            if (equals_ignoring_case(option, "keep-alive")) keep_alive_ = true;
        }
        return std::nullopt;
    }

    std::optional<Refusal> check_together() {
        const bool is_http10 = head_.version == HttpVersion::Http10;
        if (!is_http10 && (seen_ & 1U << static_cast<unsigned>(Known::Host)) == 0)
            return Refusal{400, "no Host"};
        if (head_.chunked && head_.content_length)
            return Refusal{400, "Transfer-Encoding together with Content-Length"};
        if (head_.chunked && is_http10) return Refusal{400, "Transfer-Encoding in HTTP/1.0"};
        head_.keep_alive = !close_ && (keep_alive_ || !is_http10);
        return std::nullopt;
    }

    RequestHead& head_;
    std::uint32_t seen_ = 0;  // a bit for each Known
    unsigned connection_options_ = 0;
    bool close_ = false;
    bool keep_alive_ = false;
};

}  // namespace

std::optional<Refusal> check_fields(RequestHead& head) { return FieldCheck(head).run(); }

}  // namespace bundle::http1
