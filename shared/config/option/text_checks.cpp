#include "shared/config/option/text_checks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "shared/config/trusted_peers.hpp"
#include "shared/http/token.hpp"
#include "shared/http/url_path.hpp"

namespace bundle::config {

namespace {

bool is_letter(char c) {
    // Python takes letters of any alphabet; what is not ASCII is left to it.
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           static_cast<unsigned char>(c) >= 0x80;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_identifier(std::string_view text) {
    return !text.empty() && !is_digit(text.front()) &&
           std::ranges::all_of(text, [](char c) { return is_letter(c) || is_digit(c); });
}

std::vector<std::string_view> parts(std::string_view text, char separator) {
    std::vector<std::string_view> found;
    for (;;) {
        const std::size_t end = text.find(separator);
        found.push_back(text.substr(0, end));
        if (end == std::string_view::npos) return found;
        text.remove_prefix(end + 1);
    }
}

bool is_dotted_name(std::string_view text) {
    return std::ranges::all_of(parts(text, '.'), is_identifier);
}

// Where the quoted literal that begins at `from` ends; npos: nowhere.
std::size_t end_of_literal(std::string_view text, std::size_t from) {
    for (std::size_t i = from + 1; i < text.size(); ++i) {
        if (text[i] == '\\') {
            ++i;
        } else if (text[i] == text[from]) {
            return i;
        }
    }
    return std::string_view::npos;
}

// Whether the brackets and quotes of "('a', debug=False)" close, the first one last of all.
bool is_closed(std::string_view call) {
    constexpr std::string_view kOpening = "([{";
    constexpr std::string_view kClosing = ")]}";
    std::string expected;  // closing brackets, innermost last
    for (std::size_t i = 0; i < call.size(); ++i) {
        if (call[i] == '\'' || call[i] == '"') {
            i = end_of_literal(call, i);
            if (i == std::string_view::npos) return false;
        } else if (const auto open = kOpening.find(call[i]); open != std::string_view::npos) {
            expected += kClosing[open];
        } else if (kClosing.find(call[i]) != std::string_view::npos) {
            if (expected.empty() || expected.back() != call[i]) return false;
            expected.pop_back();
            if (expected.empty()) return i + 1 == call.size();
        }
    }
    return false;
}

}  // namespace

Complaint check_wsgi(std::string_view text) {
    const std::size_t colon = text.find(':');
    const std::string_view module = text.substr(0, colon);
    if (module.find('/') != std::string_view::npos || module.ends_with(".py"))
        return "it must name a module, not a file, such as \"shop.wsgi:application\"; "
               "app.NAME.directory says where modules are found";
    if (!is_dotted_name(module))
        return "it must begin with a module, such as \"shop.wsgi:application\"";
    if (colon == std::string_view::npos) return std::nullopt;

    const std::string_view target = text.substr(colon + 1);
    const std::size_t bracket = target.find('(');
    if (!is_dotted_name(target.substr(0, bracket)))
        return "behind the colon it must name a callable, such as \"shop.wsgi:application\"";
    if (bracket != std::string_view::npos && !is_closed(target.substr(bracket)))
        return "its call must end where its bracket closes, such as \"shop:create_app('prod', "
               "debug=False)\"";
    return std::nullopt;
}

Complaint check_paste(std::string_view text) {
    const bool is_url = text.starts_with("config:") || text.starts_with("egg:");
    if (text.empty() || is_url || text.starts_with('#') || text.ends_with('#'))
        return "it must be the path of an ini file, and may name a section: "
               "\"production.ini#main\"";
    return std::nullopt;
}

Complaint check_warmup(std::string_view text) {
    std::string path;
    const bool is_plain = std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f'; });
    if (is_plain && resolve_path(text.substr(0, text.find('?')), path) == PathVerdict::Good)
        return std::nullopt;
    return "it must be a path as a client sends it: \"/cart?full=1\"";
}

Complaint check_file_name(std::string_view text) {
    if (text.empty() || text == "." || text == ".." || text.find('/') != std::string_view::npos)
        return "it must be the name of a file, without a folder";
    return std::nullopt;
}

Complaint check_media_type(std::string_view text) {
    const std::size_t slash = text.find('/');
    const std::string_view subtype =
        slash == std::string_view::npos ? std::string_view() : text.substr(slash + 1);
    if (!is_token(text.substr(0, slash)) || !is_token(subtype))
        return "it must be a type such as \"text/html\", or \"text/*\"";
    return std::nullopt;
}

Complaint check_coding(std::string_view text) {
    if (text == "br" || text == "zstd" || text == "gzip") return std::nullopt;
    return "it must be \"br\", \"zstd\" or \"gzip\"";
}

Complaint check_agent(std::string_view text) {
    if (text.empty()) return "it must not be empty: it would stand in every User-Agent";
    return std::nullopt;
}

Complaint check_trusted_peers(std::string_view text) {
    const auto peers = parse_trusted_peers(text);
    return peers ? std::nullopt : Complaint(peers.error().message);
}

Complaint check_field_name(std::string_view text) {
    if (!is_token(text)) return "it must be the name of a field such as \"x-forwarded-for\"";
    // Names with "_" are how clients forge names with "-": no proxy sends them on purpose.
    if (text.find('_') != std::string_view::npos) return "it must not have \"_\" in it";
    return std::nullopt;
}

Complaint check_protocol(std::string_view text) {
    if (text == "http/1.1" || text == "h2") return std::nullopt;
    return "it must be \"h2\" or \"http/1.1\"";
}

Complaint check_app_name(std::string_view text) {
    const auto is_allowed = [](char c) {
        return (is_letter(c) && static_cast<unsigned char>(c) < 0x80) || is_digit(c) || c == '-';
    };
    constexpr std::size_t kLongest = 64;
    if (text.empty() || text.size() > kLongest || !std::ranges::all_of(text, is_allowed))
        return fmt::format("the name of an app has up to {} letters, digits, - and _", kLongest);
    if (text == "off")
        return "no app can be named off: site.app = \"off\" means that there is none";
    return std::nullopt;
}

}  // namespace bundle::config
