#include "shared/config/option/routing_checks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>

#include "shared/base/ip_address.hpp"
#include "shared/http/headers.hpp"
#include "shared/http/token.hpp"
#include "shared/http/url_path.hpp"
#include "shared/routing/path_table.hpp"
#include "shared/routing/redirect_target.hpp"

namespace bundle::config {

namespace {

bool is_in_brackets(std::string_view text) { return text.starts_with('[') && text.ends_with(']'); }

bool is_host_byte(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
}

// Whether a request can have that path: nothing in it is left to resolve.
bool is_resolved(std::string_view path) {
    std::string resolved;
    std::string written(path);
    for (auto at = written.find('%'); at != std::string::npos; at = written.find('%', at + 3))
        written.replace(at, 1, "%25");
    return resolve_path(written, resolved) == PathVerdict::Good && resolved == path;
}

constexpr const char* kNeverRequested =
    "no request has such a path: \".\", \"..\" and empty segments are resolved before routing";

}  // namespace

Complaint check_host(std::string_view text) {
    constexpr std::size_t kLongest = 253;
    if (std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) >= 0x80; }))
        return "browsers send such a name in its ASCII form; write that, which begins with "
               "\"xn--\"";
    if (text == "*") return "a site for every host has no hosts; leave them out";
    if (is_in_brackets(text) && IpAddress::parse(text.substr(1, text.size() - 2)))
        return std::nullopt;
    const std::string_view name = text.starts_with("*.") ? text.substr(2) : text;
    if (name.find('*') != std::string_view::npos)
        return "\"*\" stands for whole labels in front, such as \"*.example.com\"";
    if (name.find(':') != std::string_view::npos)
        return "it must be a host without scheme and port; an IPv6 address stands in brackets";
    if (name.empty() || name.size() > kLongest || !std::ranges::all_of(name, is_host_byte) ||
        name.starts_with('.') || name.find("..") != std::string_view::npos)
        return "it must be a host such as \"example.com\" or \"*.example.com\"";
    return std::nullopt;
}

Complaint check_route_path(std::string_view text) {
    const RoutePath path = RoutePath::in(text);
    if (path.kind == RoutePath::Kind::Glob) {
        if (text.size() > Glob::kLongest)
            return fmt::format("a pattern has at most {} bytes", Glob::kLongest);
        if (text.starts_with('/') || text.find('/') == std::string_view::npos) return std::nullopt;
        return "a pattern with \"/\" in it is for the whole path; it must begin with \"/\"";
    }
    const std::string_view written = text.starts_with('=') ? text.substr(1) : text;
    if (!written.starts_with('/'))
        return "it must begin with \"/\", or with \"=/\" for exactly that path, or be a pattern "
               "such as \"*.php\"";
    return is_resolved(written) ? std::nullopt : Complaint(kNeverRequested);
}

Complaint check_redirect(std::string_view text) {
    const auto target = RedirectTarget::parse(text);
    return target ? std::nullopt : Complaint(target.error().message);
}

Complaint check_mount(std::string_view text) {
    if (!text.starts_with('/') || text.ends_with('/'))
        return "it must begin with \"/\" and not end with it, such as \"/shop\"";
    return is_resolved(text) ? std::nullopt : Complaint(kNeverRequested);
}

Complaint check_fallback(std::string_view text) {
    if (text == "app" || text == "404") return std::nullopt;
    if (!text.starts_with('/') || text.ends_with('/'))
        return "it must be \"app\", \"404\" or the path of a file such as \"/index.html\"";
    return is_resolved(text) ? std::nullopt : Complaint(kNeverRequested);
}

Complaint check_changed_field(std::string_view text) {
    constexpr std::array<std::string_view, 9> kOfTheConnection = {
        "connection", "content-length", "keep-alive",        "proxy-connection", "te",
        "trailer",    "upgrade",        "transfer-encoding", "http2-settings"};
    if (!is_token(text)) return "it must be the name of a field such as \"X-Frame-Options\"";
    if (std::ranges::any_of(kOfTheConnection, [text](std::string_view name) {
            return equals_ignoring_case(text, name);
        }))
        return "it belongs to the connection, and is never changed";
    return std::nullopt;
}

}  // namespace bundle::config
