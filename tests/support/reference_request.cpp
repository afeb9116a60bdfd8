#include "tests/support/reference_request.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <vector>

namespace bundle::http1 {

namespace {

using Lines = std::vector<std::string>;
using Fields = std::multimap<std::string, std::string>;

constexpr std::string_view kDigits = "0123456789";
constexpr std::string_view kHexDigits = "0123456789abcdefABCDEF";
constexpr std::string_view kTokenBytes =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-.^_`|~";

bool consists_of(std::string_view text, std::string_view bytes) {
    return !text.empty() && text.find_first_not_of(bytes) == std::string_view::npos;
}

bool has_control_bytes(std::string_view text) {
    return std::any_of(text.begin(), text.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return (byte < 0x20 && c != '\t') || byte == 0x7f;
    });
}

std::string lower(std::string text) {
    for (char& c : text)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
    return text;
}

std::string trimmed(const std::string& text) {
    const auto begin = text.find_first_not_of(" \t");
    if (begin == std::string::npos) return "";
    return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

// The next line, ended by CRLF; nothing when there is none yet.
std::optional<std::string> take_line(std::string_view bytes, std::size_t& at) {
    const auto end = bytes.find("\r\n", at);
    if (end == std::string_view::npos) return std::nullopt;
    std::string line(bytes.substr(at, end - at));
    at = end + 2;
    return line;
}

// Lines up to the empty one.
std::optional<Lines> take_section(std::string_view bytes, std::size_t& at) {
    Lines lines;
    for (;;) {
        auto line = take_line(bytes, at);
        if (!line) return std::nullopt;
        if (line->empty()) return lines;
        lines.push_back(std::move(*line));
    }
}

std::optional<Fields> fields_of(const Lines& lines) {
    Fields fields;
    for (const std::string& line : lines) {
        const auto colon = line.find(':');
        if (colon == std::string::npos || !consists_of(line.substr(0, colon), kTokenBytes) ||
            has_control_bytes(line))
            return std::nullopt;
        fields.emplace(lower(line.substr(0, colon)), trimmed(line.substr(colon + 1)));
    }
    return fields;
}

bool is_good_target(const std::string& method, const std::string& target) {
    if (has_control_bytes(target) || target.find_first_of(" \t#\"<>") != std::string::npos)
        return false;
    if (target == "*") return method == "OPTIONS";
    const std::string start = lower(target.substr(0, 8));
    return target.starts_with('/') || start.starts_with("http://") || start.starts_with("https://");
}

class Reader {
  public:
    explicit Reader(std::string_view bytes) : bytes_(bytes) {}

    ReferenceRequest read() {
        for (int i = 0; i < 2 && bytes_.substr(at_).starts_with("\r\n"); ++i) at_ += 2;
        const auto head = take_section(bytes_, at_);
        if (!head) return ended(ReferenceVerdict::Incomplete);
        if (head->empty() || !read_request_line(head->front()))
            return ended(ReferenceVerdict::Rejected);
        const auto fields = fields_of(Lines(head->begin() + 1, head->end()));
        if (!fields || !is_framed_well(*fields)) return ended(ReferenceVerdict::Rejected);
        return ended(read_body(*fields));
    }

    ReferenceRequest read_chunked_body() { return ended(read_chunks()); }

  private:
    ReferenceRequest ended(ReferenceVerdict verdict) {
        request_.verdict = verdict;
        request_.end = at_;
        return request_;
    }

    bool read_request_line(const std::string& line) {
        const auto first = line.find(' ');
        const auto second = first == std::string::npos ? first : line.find(' ', first + 1);
        if (second == std::string::npos) return false;
        request_.method = line.substr(0, first);
        request_.target = line.substr(first + 1, second - first - 1);
        const std::string version = line.substr(second + 1);
        is_http10_ = version == "HTTP/1.0";
        return consists_of(request_.method, kTokenBytes) &&
               is_good_target(request_.method, request_.target) &&
               (is_http10_ || version == "HTTP/1.1");
    }

    [[nodiscard]] bool is_framed_well(const Fields& fields) const {
        const auto hosts = fields.count("host");
        if (hosts > 1 || (hosts == 0 && !is_http10_)) return false;
        const auto lengths = fields.count("content-length");
        const auto codings = fields.count("transfer-encoding");
        if (lengths + codings > 1) return false;
        if (codings == 1)
            return !is_http10_ && lower(fields.find("transfer-encoding")->second) == "chunked";
        return lengths == 0 || consists_of(fields.find("content-length")->second, kDigits);
    }

    ReferenceVerdict read_body(const Fields& fields) {
        if (fields.count("transfer-encoding") == 1) return read_chunks();
        const auto length = fields.find("content-length");
        if (length == fields.end()) return ReferenceVerdict::Accepted;
        if (length->second.size() > 18) return ReferenceVerdict::Rejected;
        return take_data(std::stoull(length->second));
    }

    ReferenceVerdict take_data(std::size_t size) {
        if (size > bytes_.size() - at_) return ReferenceVerdict::Incomplete;
        request_.body += bytes_.substr(at_, size);
        at_ += size;
        return ReferenceVerdict::Accepted;
    }

    ReferenceVerdict read_chunks() {
        for (;;) {
            const auto line = take_line(bytes_, at_);
            if (!line) return ReferenceVerdict::Incomplete;
            const auto size_end = std::min(line->find_first_of("; \t"), line->size());
            const std::string size = line->substr(0, size_end);
            const std::string extension = trimmed(line->substr(size_end));
            if (!consists_of(size, kHexDigits) || has_control_bytes(*line))
                return ReferenceVerdict::Rejected;
            if (!extension.empty() && extension[0] != ';') return ReferenceVerdict::Rejected;
            if (size_end != line->size()) request_.is_unusual = true;
            const std::string digits =
                size.substr(std::min(size.find_first_not_of('0'), size.size()));
            if (digits.size() > 15) return ReferenceVerdict::Rejected;
            if (digits.empty()) return read_trailers();
            const auto data = take_data(std::stoull(digits, nullptr, 16));
            if (data != ReferenceVerdict::Accepted) return data;
            if (bytes_.size() - at_ < 2) return ReferenceVerdict::Incomplete;
            if (bytes_.substr(at_, 2) != "\r\n") return ReferenceVerdict::Rejected;
            at_ += 2;
        }
    }

    ReferenceVerdict read_trailers() {
        const auto lines = take_section(bytes_, at_);
        if (!lines) return ReferenceVerdict::Incomplete;
        if (!lines->empty()) request_.is_unusual = true;
        return fields_of(*lines) ? ReferenceVerdict::Accepted : ReferenceVerdict::Rejected;
    }

    std::string_view bytes_;
    std::size_t at_ = 0;
    bool is_http10_ = false;
    ReferenceRequest request_;
};

}  // namespace

ReferenceRequest reference_request(std::string_view bytes) { return Reader(bytes).read(); }

ReferenceRequest reference_chunked_body(std::string_view bytes) {
    return Reader(bytes).read_chunked_body();
}

}  // namespace bundle::http1
