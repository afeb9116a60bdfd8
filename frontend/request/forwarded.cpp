#include "frontend/request/forwarded.hpp"

#include <algorithm>
#include <array>

#include "frontend/request/hop_by_hop.hpp"

namespace bundle {

namespace {

// The whole body is here before the application is asked, so there is nothing left to expect.
bool is_settled(std::string_view name) { return name == "expect"; }

bool has_underscore(std::string_view name) { return name.find('_') != std::string_view::npos; }

// Whether both are one name in the environ.
bool are_one_in_environ(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
        return x == y || (x == '_' && y == '-') || (x == '-' && y == '_');
    });
}

class FieldSelection {
  public:
    FieldSelection(const RequestHead& head, const ClientFacts& facts, const TrustRules& rules)
        : head_(head), facts_(facts), rules_(rules), connection_(head.fields) {}

    [[nodiscard]] bool passes(const HeaderField& field) const {
        const std::string_view name = field.name;
        if (is_hop_by_hop(name) || is_settled(name)) return false;
        // Whether Connection names a claim does not matter: it came from behind the proxy.
        if (is_any_claim(name)) return facts_.by_proxy && passes_from_proxy(name);
        if (has_underscore(name) && !may_have_underscore(name)) return false;
        return !connection_.name_fields() || is_never_removed(name) || !connection_.contain(name);
    }

  private:
    [[nodiscard]] bool is_any_claim(std::string_view name) const {
        return is_claim(name) ||
               std::ranges::find(rules_.more_claims, name) != rules_.more_claims.end();
    }

    [[nodiscard]] bool passes_from_proxy(std::string_view name) const {
        // Those that we set, and Proxy, which nobody may say.
        constexpr std::array<std::string_view, 8> kNever = {
            "x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "x-forwarded-port",
            "x-real-ip",       "x-request-id",      "forwarded",        "proxy"};
        // They say what X-Forwarded-Proto says, so they may not say anything else.
        constexpr std::array<std::string_view, 3> kOfScheme = {
            "x-forwarded-ssl", "x-forwarded-protocol", "x-forwarded-scheme"};
        if (std::ranges::find(kNever, name) != kNever.end()) return false;
        if (std::ranges::find(kOfScheme, name) == kOfScheme.end()) return true;
        return std::ranges::find(rules_.scheme_fields, name, &TrustRules::SchemeField::name) !=
               rules_.scheme_fields.end();
    }

    // "X_Real_IP" and "X-Real-IP" are the same name in the environ: neither what we say nor what
    // another field says can be forged or joined by the other spelling.
    [[nodiscard]] bool may_have_underscore(std::string_view name) const {
        if (facts_.underscores != UnderscoreHeaders::Allow) return false;
        std::string dashed(name);
        std::ranges::replace(dashed, '_', '-');
        if (is_any_claim(dashed) || is_hop_by_hop(dashed) || is_settled(dashed) ||
            is_never_removed(dashed))
            return false;
        return std::ranges::none_of(head_.fields, [name](const HeaderField& other) {
            return other.name != name && are_one_in_environ(other.name, name);
        });
    }

    const RequestHead& head_;
    const ClientFacts& facts_;
    const TrustRules& rules_;
    ConnectionOptions connection_;
};

void append_ours(const RequestHead& head, const ClientFacts& facts, std::string_view request_id,
                 Headers& out) {
    const auto append = [&out](std::string_view name, std::string_view value) {
        if (!value.empty()) out.push_back({name, value});
    };
    append("x-forwarded-for", facts.address);
    append("x-forwarded-proto", facts.scheme);
    append("x-forwarded-host", facts.asked_host.empty() ? head.host : facts.asked_host);
    append("x-forwarded-port", facts.asked_port.empty() ? facts.server_port : facts.asked_port);
    append("x-real-ip", facts.address);
    append("x-request-id", request_id);
    append("forwarded", facts.forwarded);
}

}  // namespace

void fields_for_app(const RequestHead& head, const ClientFacts& facts, std::string_view request_id,
                    const TrustRules& rules, Headers& out) {
    const FieldSelection selection(head, facts, rules);
    bool has_host = false;
    bool has_start = false;
    for (const HeaderField& field : head.fields) {
        if (field.name == "host") has_host = true;
        if (!selection.passes(field)) continue;
        if (field.name == "x-request-start") has_start = true;
        out.push_back(field);
    }
    // An absolute-form target of HTTP/1.0 may come without the field.
    if (!has_host && !head.host.empty()) out.push_back({"host", head.host});
    append_ours(head, facts, request_id, out);
    if (!has_start && !facts.request_start.empty())
        out.push_back({"x-request-start", facts.request_start});
}

}  // namespace bundle
