#include "frontend/http1/request_line.hpp"

#include <algorithm>

#include "shared/http/token.hpp"

namespace bundle::http1 {

namespace {

// The registered methods that clients of web applications use, most frequent first. llhttp knows
// them all.
constexpr std::string_view kMethods[] = {
    "GET",    "POST",   "HEAD",       "PUT",      "DELETE",    "OPTIONS",     "PATCH",
    "COPY",   "LOCK",   "MKCOL",      "MOVE",     "PROPFIND",  "PROPPATCH",   "SEARCH",
    "UNLOCK", "BIND",   "REBIND",     "UNBIND",   "ACL",       "REPORT",      "MKACTIVITY",
    "MERGE",  "NOTIFY", "MKCALENDAR", "CHECKOUT", "SUBSCRIBE", "UNSUBSCRIBE", "M-SEARCH",
    "PURGE",  "LINK",   "UNLINK",
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::optional<Refusal> read_version(std::string_view text, HttpVersion& version) {
    if (text.size() != 8 || !text.starts_with("HTTP/") || !is_digit(text[5]) || text[6] != '.' ||
        !is_digit(text[7]))
        return Refusal{400, "request line does not end in a version of HTTP"};
    if (text[5] != '1' || text[7] > '1')
        return Refusal{505, "version of HTTP that we do not speak"};
    version = text[7] == '0' ? HttpVersion::Http10 : HttpVersion::Http11;
    return std::nullopt;
}

}  // namespace

std::optional<Refusal> check_method(std::string_view method) {
    if (std::find(std::begin(kMethods), std::end(kMethods), method) != std::end(kMethods))
        return std::nullopt;
    if (!is_token(method)) return Refusal{400, "malformed method"};
    // TRACE echoes cookies to scripts; a tunnel is what a web server must never be.
    if (method == "TRACE" || method == "CONNECT") return Refusal{405, "method that we never allow"};
    return Refusal{501, "unknown method"};
}

std::optional<Refusal> read_request_line(std::string_view line, RequestLine& into) {
    const auto first_space = line.find(' ');
    const auto last_space = line.rfind(' ');
    if (first_space == last_space) return Refusal{400, "request line without a version of HTTP"};
    into.method = line.substr(0, first_space);
    into.target = line.substr(first_space + 1, last_space - first_space - 1);
    if (const auto refusal = read_version(line.substr(last_space + 1), into.version))
        return refusal;
    if (const auto refusal = check_method(into.method)) return refusal;
    return read_target(into.method, into.target, into.parts);
}

}  // namespace bundle::http1
