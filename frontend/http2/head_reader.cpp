#include "frontend/http2/head_reader.hpp"

#include <algorithm>

#include "frontend/http1/head_fields.hpp"
#include "frontend/http1/request_line.hpp"
#include "frontend/request/authority.hpp"
#include "frontend/request/request_target.hpp"

namespace bundle::http2 {

namespace {

constexpr unsigned kTimesTooLarge = 4;
constexpr std::string_view kProtocol = " HTTP/2.0\r\n";

bool is_raw(char c) { return static_cast<unsigned char>(c) >= 0x80; }

}  // namespace

void HeadReader::begin(RequestHead& head, const http1::HeadLimits& limits) {
    head_ = &head;
    limits_ = &limits;
    head.clear();
    head.version = HttpVersion::Http2;
    for (std::string* text : {&method_, &scheme_, &authority_, &path_, &cookie_}) text->clear();
    places_.clear();
    size_ = 0;
    has_line_ = false;
    target_size_ = 0;
    refusal_.reset();
}

void HeadReader::refuse(const Refusal& refusal) {
    if (!refusal_) refusal_ = refusal;
}

bool HeadReader::add(std::string_view name, std::string_view value) {
    size_ += counted(name, value);
    if (size_ > kTimesTooLarge * limits_->max_head_size.count) return false;
    if (size_ > limits_->max_head_size.count) refuse({431, "head too large", Limit::HeadSize});
    if (name.starts_with(':')) {
        add_pseudo(name, value);
        return true;
    }
    write_request_line();
    if (refusal_) return true;
    if (name.size() + value.size() > limits_->max_header_size.count) {
        refuse({431, "field too large", Limit::HeaderSize});
    } else if (name == "cookie") {
        add_cookie(value);
    } else if (name == "host" && !authority_.empty()) {
        // The application is told one of them (section 8.3.1).
        if (!equals_ignoring_case(authority_, value)) refuse({400, "Host differs from :authority"});
    } else if (places_.size() >= limits_->max_headers) {
        refuse({431, "too many fields", Limit::FieldCount});
    } else {
        append(name, value);
    }
    return true;
}

void HeadReader::add_pseudo(std::string_view name, std::string_view value) {
    if (refusal_) return;
    if (name == ":method") method_ = value;
    if (name == ":scheme") scheme_ = value;
    if (name == ":authority") authority_ = value;
    if (name == ":path") path_ = value;
    if (method_.size() + path_.size() + kProtocol.size() > limits_->max_request_line.count)
        refuse({414, "request line too long", Limit::RequestLine});
}

void HeadReader::add_cookie(std::string_view crumb) {
    if (!cookie_.empty()) cookie_.append("; ");
    cookie_.append(crumb);
    if (cookie_.size() > limits_->max_header_size.count)
        refuse({431, "field too large", Limit::HeaderSize});
}

void HeadReader::append(std::string_view name, std::string_view value) {
    std::string& bytes = head_->bytes;
    const auto at = static_cast<std::uint32_t>(bytes.size());
    const auto name_size = static_cast<std::uint32_t>(name.size());
    places_.push_back(
        {at, name_size, at + name_size + 2, static_cast<std::uint32_t>(value.size())});
    bytes.append(name).append(": ").append(value).append("\r\n");
}

void HeadReader::write_request_line() {
    if (has_line_) return;
    has_line_ = true;
    std::string& bytes = head_->bytes;
    bytes.append(method_).append(" ").append(path_);
    target_size_ = path_.size();
    if (std::ranges::any_of(path_, is_raw))
        target_size_ = encode_raw_bytes(bytes, method_.size() + 1, path_.size());
    bytes.append(kProtocol);
    if (!authority_.empty()) append("host", authority_);
}

std::optional<Refusal> HeadReader::read_request_line() {
    const std::string_view bytes = head_->bytes;
    head_->method = bytes.substr(0, method_.size());
    head_->target = bytes.substr(method_.size() + 1, target_size_);
    if (refusal_) return refusal_;
    if (auto refusal = http1::check_method(head_->method)) return refusal;
    if (scheme_ != "http" && scheme_ != "https") return Refusal{400, ":scheme is none of HTTP's"};
    // An absolute target is for proxies, and has its authority in a field of its own here.
    if (!head_->target.starts_with('/') && head_->target != "*")
        return Refusal{400, ":path does not begin with a slash"};
    RequestTarget parts;
    if (auto refusal = read_target(head_->method, head_->target, parts)) return refusal;
    head_->query = parts.query;
    return resolve_target_path(head_->method, parts, head_->path);
}

std::optional<Refusal> HeadReader::finish(bool body_follows) {
    write_request_line();
    if (!cookie_.empty()) append("cookie", cookie_);
    const std::string_view bytes = head_->bytes;
    for (const Place& place : places_)
        head_->fields.push_back({bytes.substr(place.name_at, place.name_size),
                                 bytes.substr(place.value_at, place.value_size)});
    if (auto refusal = read_request_line()) return refusal;
    if (auto refusal = http1::check_fields(*head_)) return refusal;
    if (!body_follows && head_->has_body()) return Refusal{400, "no body behind Content-Length"};
    head_->chunked = body_follows && !head_->content_length;
    return std::nullopt;
}

}  // namespace bundle::http2
