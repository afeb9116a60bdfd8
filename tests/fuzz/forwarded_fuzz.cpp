// Any fields of a trusted proxy give a refusal, or one client: an address that parses, a scheme of
// two, a host that is an authority, and a Forwarded of ours that reads back as the same. What the
// application gets has each of our fields once, and no other spelling of them; and when the proxy
// is trusted no more, nothing that it sent of them is left.
//
// The input is fields, "name: value" on a line each; the first byte chooses the configuration.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "frontend/request/authority.hpp"
#include "frontend/request/forwarded_element.hpp"
#include "frontend/request/proxy_claims.hpp"
#include "shared/base/check.hpp"
#include "shared/http/token.hpp"

namespace bundle {

namespace {

constexpr ClientFacts kConnection{.address = "10.0.0.1",
                                  .port = "4711",
                                  .scheme = "http",
                                  .server_port = "8000",
                                  .underscores = UnderscoreHeaders::Allow};

// Names that the application takes for ours, in any spelling.
constexpr std::array<std::string_view, 8> kOurs = {
    "x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "x-forwarded-port",
    "x-real-ip",       "x-request-id",      "forwarded",        "proxy"};

TrustRules rules_of(std::string_view client_ip_header) {
    Config config;
    config.trust.proxies = {"10.0.0.0/8", "fd00::/8"};
    config.trust.client_ip_header = client_ip_header;
    config.trust.scheme_headers = {
        {"x-forwarded-proto", "https"},
        {"x-ssl",             "on"   }
    };
    return make_trust_rules(config).value();
}

// As the parser gives them: names are tokens in lower case, values have no white space around.
void read_fields(std::string_view text, RequestHead& head) {
    head.bytes = text;
    std::ranges::transform(head.bytes, head.bytes.begin(), ascii_lower);
    std::string_view rest = head.bytes;
    while (!rest.empty()) {
        const auto line = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(std::min(rest.size(), line.size() + 1));
        const auto colon = line.find(':');
        if (colon == std::string_view::npos || !is_token(line.substr(0, colon))) continue;
        head.fields.push_back(
            {line.substr(0, colon), without_white_space_around(line.substr(colon + 1))});
    }
}

std::string dashed(std::string_view name) {
    std::string text(name);
    std::ranges::replace(text, '_', '-');
    return text;
}

void check_fields(const RequestHead& head, const ClientFacts& facts, const TrustRules& rules) {
    Headers fields;
    fields_for_app(head, facts, "ID", rules, fields);
    for (const std::string_view ours : kOurs) {
        const auto count = std::ranges::count_if(
            fields, [ours](const HeaderField& field) { return dashed(field.name) == ours; });
        BUNDLE_CHECK(count <= (ours == "proxy" ? 0 : 1));
    }
    BUNDLE_CHECK(find_field(fields, "x-forwarded-for")->value == facts.address);
    BUNDLE_CHECK(find_field(fields, "x-forwarded-proto")->value == facts.scheme);
    BUNDLE_CHECK(find_field(fields, "x-request-id")->value == "ID");
    if (facts.by_proxy) return;
    for (const HeaderField& field : fields) BUNDLE_CHECK(dashed(field.name) != "x-ssl");
}

void check_forwarded(const ClientFacts& facts) {
    if (facts.forwarded.empty()) return;
    std::vector<ForwardedElement> elements;
    BUNDLE_CHECK(parse_forwarded(facts.forwarded, elements));
    BUNDLE_CHECK(elements.size() == 1);
    const auto node = parse_forwarded_node(elements[0].client);
    BUNDLE_CHECK(node && node->address.text().view() == facts.address);
    BUNDLE_CHECK(elements[0].proto == facts.scheme);
}

}  // namespace

}  // namespace bundle

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace bundle;
    static const std::array<TrustRules, 3> kRules = {rules_of("x-forwarded-for"),
                                                     rules_of("forwarded"), rules_of("x-real-ip")};
    if (size == 0) return 0;
    const TrustRules& rules = kRules.at(data[0] % kRules.size());
    RequestHead head;
    read_fields({reinterpret_cast<const char*>(data) + 1, size - 1}, head);

    check_fields(head, kConnection, rules);
    ProxyClaims claims;
    if (const auto refusal = read_claims(head, rules, claims)) {
        BUNDLE_CHECK(refusal->status == 400 && !refusal->reason.empty());
        return 0;
    }
    const ClientFacts facts = facts_by_proxy(kConnection, head, claims);
    BUNDLE_CHECK(IpAddress::parse(facts.address).has_value());
    BUNDLE_CHECK(facts.scheme == "http" || facts.scheme == "https");
    BUNDLE_CHECK(facts.asked_host.empty() || is_valid_authority(facts.asked_host));
    check_forwarded(facts);
    check_fields(head, facts, rules);
    return 0;
}
