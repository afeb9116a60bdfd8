#include "backend/python/wsgi_name.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace bundle {

namespace {

bool begins_identifier(char c) {
    const auto byte = static_cast<unsigned char>(c);
    // Bytes of UTF-8 pass: Python has the last word on which letters it takes.
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '_' ||
           byte >= 0x80;
}

bool is_identifier(std::string_view text) {
    return !text.empty() && begins_identifier(text.front()) &&
           std::ranges::all_of(
               text, [](char c) { return begins_identifier(c) || (c >= '0' && c <= '9'); });
}

bool is_dotted_name(std::string_view text) {
    for (;;) {
        const auto dot = text.find('.');
        if (!is_identifier(text.substr(0, dot))) return false;
        if (dot == std::string_view::npos) return true;
        text.remove_prefix(dot + 1);
    }
}

tl::unexpected<Error> bad_name(std::string_view text, std::string_view why) {
    return failure(fmt::format("wsgi = \"{}\": {}", text, why));
}

}  // namespace

Result<WsgiName> parse_wsgi_name(std::string_view text) {
    constexpr std::string_view kShape =
        R"~(write "module:callable", "module" or "module:factory('argument')")~";
    WsgiName name;
    const auto colon = text.find(':');
    name.module = text.substr(0, colon);
    if (name.module.ends_with(".py") || name.module.find('/') != std::string::npos)
        return bad_name(text, fmt::format("{} is a file; name the module: its path below the "
                                          "directory with dots and without .py",
                                          name.module));
    if (!is_dotted_name(name.module))
        return bad_name(text, fmt::format("\"{}\" is no module's name; {}", name.module, kShape));
    if (colon == std::string_view::npos) return name;

    std::string_view callable = text.substr(colon + 1);
    if (const auto open = callable.find('('); open != std::string_view::npos) {
        if (!callable.ends_with(')'))
            return bad_name(text, "the call has no closing bracket at its end");
        name.arguments = callable.substr(open + 1, callable.size() - open - 2);
        callable = callable.substr(0, open);
    }
    name.callable = callable;
    if (!is_dotted_name(name.callable))
        return bad_name(text,
                        fmt::format("\"{}\" is no callable's name; {}", name.callable, kShape));
    return name;
}

}  // namespace bundle
