#include "frontend/request/forwarded_element.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>

#include "shared/http/headers.hpp"
#include "shared/http/token.hpp"

namespace bundle {

namespace {

// More proxies than any request passes; clients can add elements to what a proxy sends us.
constexpr std::size_t kMostElements = 64;

class ForwardedReader {
  public:
    explicit ForwardedReader(std::string_view text) : rest_(text) {}

    bool read(std::vector<ForwardedElement>& elements) {
        for (;;) {
            skip_white_space();
            if (rest_.empty()) return true;
            if (take(',')) continue;  // empty elements mean nothing (RFC 9110 section 5.6.1)
            if (elements.size() == kMostElements || !read_element(elements.emplace_back()))
                return false;
            skip_white_space();
            if (!rest_.empty() && !take(',')) return false;
        }
    }

  private:
    // Up to the "," behind it.
    bool read_element(ForwardedElement& element) {
        seen_ = 0;
        do {
            skip_white_space();
            if (is_at(';') || is_at(',') || rest_.empty()) continue;  // ";;", or one at the end
            if (!read_pair(element)) return false;
            skip_white_space();
        } while (take(';'));
        return true;
    }

    bool read_pair(ForwardedElement& element) {
        const std::string_view name = take_while(is_token_byte);
        if (name.empty() || !take('=')) return false;
        std::string_view value;
        if (take('"')) {
            if (!read_quoted(value)) return false;
        } else {
            value = take_while(is_node_byte);
            if (value.empty()) return false;
        }
        if (equals_ignoring_case(name, "for")) return set(element.client, value, 1);
        if (equals_ignoring_case(name, "proto")) return set(element.proto, value, 2);
        if (equals_ignoring_case(name, "host")) return set(element.host, value, 4);
        return true;  // "by", and what others invent
    }

    // Each stands in an element once (RFC 7239 section 4).
    bool set(std::string_view& member, std::string_view value, unsigned bit) {
        if ((seen_ & bit) != 0) return false;
        seen_ |= bit;
        member = value;
        return true;
    }

    bool read_quoted(std::string_view& value) {
        for (std::size_t i = 0; i < rest_.size(); ++i) {
            if (rest_[i] == '\\') {
                ++i;
            } else if (rest_[i] == '"') {
                value = rest_.substr(0, i);
                rest_.remove_prefix(i + 1);
                return true;
            }
        }
        return false;
    }

    static bool is_node_byte(char c) {
        return is_token_byte(c) || c == ':' || c == '[' || c == ']';
    }

    template <typename Accepts>
    std::string_view take_while(Accepts accepts) {
        const auto end = std::ranges::find_if_not(rest_, accepts);
        const auto taken = rest_.substr(0, static_cast<std::size_t>(end - rest_.begin()));
        rest_.remove_prefix(taken.size());
        return taken;
    }

    [[nodiscard]] bool is_at(char c) const { return !rest_.empty() && rest_.front() == c; }

    bool take(char c) {
        if (!is_at(c)) return false;
        rest_.remove_prefix(1);
        return true;
    }

    void skip_white_space() { rest_ = without_white_space_around(rest_); }

    std::string_view rest_;
    unsigned seen_ = 0;  // of the element: a bit for each member
};

bool is_made_up(std::string_view port) { return port.starts_with('_') && is_token(port); }

bool is_node_port(std::string_view port) {
    std::uint16_t number = 0;
    const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), number);
    return error == std::errc{} && end == port.data() + port.size() && port.size() <= 5;
}

std::optional<ForwardedNode> node_of(std::string_view address, std::string_view port) {
    const auto parsed = IpAddress::parse(address);
    if (!parsed) return std::nullopt;
    if (port.empty() || is_made_up(port)) return ForwardedNode{*parsed, {}};
    if (!is_node_port(port)) return std::nullopt;
    return ForwardedNode{*parsed, port};
}

}  // namespace

bool parse_forwarded(std::string_view value, std::vector<ForwardedElement>& elements) {
    return ForwardedReader(value).read(elements);
}

std::optional<ForwardedNode> parse_forwarded_node(std::string_view text) {
    if (text.starts_with('[')) {
        const auto end = text.find(']');
        if (end == std::string_view::npos) return std::nullopt;
        const auto behind = text.substr(end + 1);
        if (!behind.empty() && behind.front() != ':') return std::nullopt;
        const auto address = text.substr(1, end - 1);
        if (address.find(':') == std::string_view::npos) return std::nullopt;
        return node_of(address, behind.empty() ? behind : behind.substr(1));
    }
    // More than one colon: IPv6 without brackets, as X-Forwarded-For has it.
    const auto colon = text.find(':');
    if (colon == std::string_view::npos || text.find(':', colon + 1) != std::string_view::npos)
        return node_of(text, {});
    return node_of(text.substr(0, colon), text.substr(colon + 1));
}

}  // namespace bundle
