#include "frontend/request/proxy_claims.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <iterator>
#include <vector>

#include "frontend/request/authority.hpp"
#include "frontend/request/forwarded_element.hpp"
#include "shared/http/token.hpp"

namespace bundle {

namespace {

// No request passes more proxies; clients may name as many as fit a head.
constexpr int kMostHops = 64;

bool is_port(std::string_view text) {
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    return error == std::errc{} && end == text.data() + text.size() && text.size() <= 5 && port > 0;
}

// Of "shop.example:8443", "[::1]:8443"; "" when there is none.
std::string_view port_of(std::string_view authority) {
    const auto bracket = authority.rfind(']');
    const auto colon = authority.rfind(':');
    if (colon == std::string_view::npos) return {};
    if (bracket != std::string_view::npos && colon < bracket) return {};
    return authority.substr(colon + 1);
}

class ClaimsReader {
  public:
    ClaimsReader(const RequestHead& head, const TrustRules& rules, ProxyClaims& claims)
        : head_(head), rules_(rules), claims_(claims) {}

    std::optional<Refusal> read() {
        if (const auto refusal = read_client()) return refusal;
        if (const auto refusal = read_scheme()) return refusal;
        const auto host = only_value("x-forwarded-host");
        if (claims_.host.empty() && is_valid_authority(host)) claims_.host = host;
        const auto port = only_value("x-forwarded-port");
        if (is_port(port)) claims_.asked_port = port;
        claims_.request_id = only_value("x-request-id");
        return std::nullopt;
    }

  private:
    std::optional<Refusal> read_client() {
        switch (rules_.client_field) {
            case TrustRules::ClientField::XForwardedFor:
                read_x_forwarded_for();
                return std::nullopt;
            case TrustRules::ClientField::Forwarded:
                return read_forwarded();
            case TrustRules::ClientField::OneAddress:
                return read_one_address();
        }
        return std::nullopt;
    }

    // Takes who is named, if it is an address. False: nobody to the left of it is believed, because
    // it is no trusted proxy that named them.
    bool pass(std::string_view text) {
        const auto node = parse_forwarded_node(text);
        if (!node) return false;
        claims_.address = node->address.text();
        claims_.port = node->port;
        return rules_.proxies.contain(node->address) && ++hops_ < kMostHops;
    }

    // Several field lines are one list, in their order.
    void read_x_forwarded_for() {
        for (auto field = head_.fields.rbegin(); field != head_.fields.rend(); ++field)
            if (field->name == "x-forwarded-for" && !pass_list(field->value)) return;
    }

    bool pass_list(std::string_view list) {
        while (!list.empty()) {
            const auto comma = list.rfind(',');
            const auto begin = comma == std::string_view::npos ? 0 : comma + 1;
            const auto item = without_white_space_around(list.substr(begin));
            list = list.substr(0, begin == 0 ? 0 : comma);
            if (!item.empty() && !pass(item)) return false;
        }
        return true;
    }

    std::optional<Refusal> read_forwarded() {
        std::vector<ForwardedElement> elements;
        for (const HeaderField& field : head_.fields) {
            if (field.name != "forwarded") continue;
            claims_.speaks_forwarded = true;
            if (!parse_forwarded(field.value, elements))
                return Refusal{400, "malformed Forwarded from a trusted proxy"};
        }
        for (auto element = elements.rbegin(); element != elements.rend(); ++element) {
            // What the proxy that wrote it was asked: for the client's own words, the last one.
            proto_ = element->proto;
            claims_.host = is_valid_authority(element->host) ? element->host : std::string_view();
            if (!pass(element->client)) break;
        }
        return std::nullopt;
    }

    std::optional<Refusal> read_one_address() {
        const HeaderField* only = nullptr;
        for (const HeaderField& field : head_.fields) {
            if (field.name != rules_.client_field_name) continue;
            if (only != nullptr)
                return Refusal{400, "a trusted proxy's field of the client's address came twice"};
            only = &field;
        }
        if (only == nullptr) return std::nullopt;
        const auto node = parse_forwarded_node(only->value);
        if (!node) return Refusal{400, "a trusted proxy's field of the client's address has none"};
        claims_.address = node->address.text();
        claims_.port = node->port;
        return std::nullopt;
    }

    std::optional<Refusal> read_scheme() {
        const Refusal disagreement{400, "a trusted proxy's fields disagree about the scheme"};
        if (!proto_.empty() && !scheme_is(equals_ignoring_case(proto_, "https")))
            return disagreement;
        for (const HeaderField& field : head_.fields) {
            const auto of =
                std::ranges::find(rules_.scheme_fields, field.name, &TrustRules::SchemeField::name);
            if (of == rules_.scheme_fields.end()) continue;
            for (auto list = field.value; !list.empty();)
                if (!scheme_is(equals_ignoring_case(take_list_item(list), of->https)))
                    return disagreement;
        }
        return std::nullopt;
    }

    // False when it was said to be another.
    bool scheme_is(bool https) {
        const std::string_view scheme = https ? "https" : "http";
        if (!claims_.scheme.empty() && claims_.scheme != scheme) return false;
        claims_.scheme = scheme;
        return true;
    }

    // "" when the field did not come, or more than once.
    [[nodiscard]] std::string_view only_value(std::string_view name) const {
        std::string_view value;
        for (const HeaderField& field : head_.fields) {
            if (field.name != name) continue;
            if (!value.empty()) return {};
            value = field.value;
        }
        return value;
    }

    const RequestHead& head_;
    const TrustRules& rules_;
    ProxyClaims& claims_;
    std::string_view proto_;  // of Forwarded
    int hops_ = 0;
};

// RFC 7239 section 6: what is not a token stands in quotes, an IPv6 address in brackets too.
void write_forwarded(const ClientFacts& facts, std::string_view host, std::string& out) {
    const bool is_ipv6 = facts.address.find(':') != std::string_view::npos;
    const auto into = std::back_inserter(out);
    out.clear();
    if (facts.address.empty())
        out = "for=unknown";
    else if (is_ipv6)
        fmt::format_to(into, "for=\"[{}]\"", facts.address);
    else
        fmt::format_to(into, "for={}", facts.address);
    fmt::format_to(into, ";proto={}", facts.scheme);
    if (is_token(host))
        fmt::format_to(into, ";host={}", host);
    else if (!host.empty())
        fmt::format_to(into, ";host=\"{}\"", host);
}

}  // namespace

void ProxyClaims::clear() {
    address = {};
    port = scheme = host = asked_port = request_id = {};
    speaks_forwarded = false;
    forwarded.clear();
}

std::optional<Refusal> read_claims(const RequestHead& head, const TrustRules& rules,
                                   ProxyClaims& claims) {
    return ClaimsReader(head, rules, claims).read();
}

ClientFacts facts_by_proxy(const ClientFacts& connection, const RequestHead& head,
                           ProxyClaims& claims) {
    ClientFacts facts = connection;
    facts.by_proxy = true;
    if (!claims.address.view().empty()) {
        facts.address = claims.address.view();
        facts.port = claims.port;
    }
    facts.asked_host = claims.host;
    facts.asked_port = claims.asked_port;
    const std::string_view host = claims.host.empty() ? head.host : claims.host;
    if (!claims.scheme.empty()) {
        facts.scheme = claims.scheme;
        // The port of our listener would make a URL that leads nowhere.
        if (facts.asked_port.empty()) facts.asked_port = port_of(host);
        if (facts.asked_port.empty()) facts.asked_port = facts.scheme == "https" ? "443" : "80";
    }
    if (claims.speaks_forwarded) {
        write_forwarded(facts, host, claims.forwarded);
        facts.forwarded = claims.forwarded;
    }
    return facts;
}

bool has_underscore_name(const RequestHead& head) {
    return std::ranges::any_of(head.fields, [](const HeaderField& field) {
        return field.name.find('_') != std::string_view::npos;
    });
}

}  // namespace bundle
