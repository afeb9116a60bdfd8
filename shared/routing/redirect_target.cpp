#include "shared/routing/redirect_target.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "shared/http/percent.hpp"
#include "shared/http/url_path.hpp"

namespace bundle {

namespace {

// What a client may send in a query and a URL has no place for (RFC 3986 section 3.4).
std::string encoded_query(std::string_view query) {
    constexpr std::string_view kNeverInUrl = "\"<>\\^`{|} #";
    std::string encoded;
    for (const char c : query) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte <= 0x20 || byte >= 0x7f || kNeverInUrl.find(c) != std::string_view::npos)
            append_percent_encoded(encoded, c);
        else
            encoded.push_back(c);
    }
    return encoded;
}

// A path in front of another one, "/$path", would be "//evil.example/": the name of a host.
bool names_another_host(std::string_view text) {
    return text.starts_with("//") || text.starts_with("/$path") ||
           text.starts_with("/$request_uri");
}

bool ends_in_host(std::string_view url) {
    const auto host = url.find("://");
    return host != std::string_view::npos && url.find('/', host + 3) == std::string_view::npos;
}

bool is_absolute(std::string_view text) {
    constexpr std::array<std::string_view, 6> kBeginnings = {
        "/", "http://", "https://", "$scheme://", "$path", "$request_uri"};
    return std::ranges::any_of(kBeginnings, [text](auto known) { return text.starts_with(known); });
}

}  // namespace

Result<RedirectTarget::Variable> RedirectTarget::take_variable(std::string_view& text) {
    struct Named {
        std::string_view name;
        Variable variable;
    };
    constexpr std::array kVariables = std::to_array<Named>({
        {"scheme",      Variable::Scheme    },
        {"host",        Variable::Host      },
        {"path",        Variable::Path      },
        {"rest",        Variable::Rest      },
        {"query",       Variable::Query     },
        {"request_uri", Variable::RequestUri},
    });
    const auto size = std::min(text.find_first_not_of("abcdefghijklmnopqrstuvwxyz_"), text.size());
    const std::string_view name = text.substr(0, size);
    const auto* const known = std::ranges::find(kVariables, name, &Named::name);
    if (known == kVariables.end())
        return failure(
            fmt::format("${} is unknown; there is $scheme, $host, $path, $rest, $query and "
                        "$request_uri, and \"$$\" is a \"$\"",
                        name));
    text.remove_prefix(size);
    return known->variable;
}

Result<RedirectTarget> RedirectTarget::parse(std::string_view text) {
    if (!is_absolute(text)) return failure("it must begin with \"/\", \"http://\" or \"https://\"");
    if (names_another_host(text))
        return failure("\"//\" in front would make the path's beginning a host");
    RedirectTarget target;
    target.pieces_.emplace_back();
    while (!text.empty()) {
        const auto dollar = std::min(text.find('$'), text.size());
        target.pieces_.back().text += text.substr(0, dollar);
        text.remove_prefix(dollar);
        if (text.empty()) break;
        text.remove_prefix(1);
        if (text.starts_with('$')) {
            target.pieces_.back().text += '$';
            text.remove_prefix(1);
            continue;
        }
        TRY_ASSIGN(target.pieces_.back().variable, take_variable(text));
        if (target.pieces_.back().variable == Variable::Rest &&
            target.pieces_.back().text.ends_with("://"))
            return failure("$rest would be its host; write the host before it");
        target.pieces_.emplace_back();
    }
    return target;
}

void RedirectTarget::append(std::string& out, Variable variable, const RedirectFacts& facts) {
    switch (variable) {
        case Variable::None:
            return;
        case Variable::Scheme:
            out += facts.scheme;
            return;
        case Variable::Host:
            out += facts.host;
            return;
        case Variable::Path:
            out += encoded_path(facts.path);
            return;
        case Variable::Rest:
            out += encoded_path(facts.rest);
            return;
        case Variable::Query:
            if (!facts.query.empty()) out.append("?").append(encoded_query(facts.query));
            return;
        case Variable::RequestUri:
            append(out, Variable::Path, facts);
            append(out, Variable::Query, facts);
            return;
    }
}

std::string RedirectTarget::filled_in(const RedirectFacts& facts) const {
    std::string text;
    for (const Piece& piece : pieces_) {
        text += piece.text;
        // What the client chose may not go on a host's name.
        const bool is_rest = piece.variable == Variable::Rest && !facts.rest.starts_with('/');
        if (is_rest && ends_in_host(text)) text += '/';
        append(text, piece.variable, facts);
    }
    return text;
}

bool RedirectTarget::needs_host() const {
    return std::ranges::any_of(pieces_,
                               [](const Piece& piece) { return piece.variable == Variable::Host; });
}

}  // namespace bundle
