#include "shared/config/option/routing_checks.hpp"

#include <algorithm>

#include "shared/base/ip_address.hpp"

namespace bundle::config {

namespace {

bool is_in_brackets(std::string_view text) { return text.starts_with('[') && text.ends_with(']'); }

bool is_host_byte(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
}

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

}  // namespace bundle::config
