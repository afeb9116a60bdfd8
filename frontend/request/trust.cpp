#include "frontend/request/trust.hpp"

#include <algorithm>

#include "shared/config/trusted_peers.hpp"
#include "shared/http/headers.hpp"

namespace bundle {

namespace {

std::string lower_case(std::string_view name) {
    std::string lower(name);
    std::ranges::transform(lower, lower.begin(), ascii_lower);
    return lower;
}

TrustRules::ClientField client_field_of(std::string_view name) {
    if (name == "x-forwarded-for") return TrustRules::ClientField::XForwardedFor;
    if (name == "forwarded") return TrustRules::ClientField::Forwarded;
    return TrustRules::ClientField::OneAddress;
}

}  // namespace

Result<TrustedProxies> TrustedProxies::create(const std::vector<std::string>& items) {
    TrustedProxies proxies;
    for (const std::string& item : items) {
        TRY_ASSIGN(const TrustedPeers peers, parse_trusted_peers(item));
        proxies.ranges_.insert(proxies.ranges_.end(), peers.ranges.begin(), peers.ranges.end());
        proxies.unix_sockets_ |= peers.unix_sockets;
    }
    proxies.merge_ranges();
    return proxies;
}

void TrustedProxies::merge_ranges() {
    std::ranges::sort(ranges_, {}, &IpRange::first);
    std::vector<IpRange> merged;
    for (const IpRange& range : ranges_) {
        // Never of two families: the family is compared first.
        if (!merged.empty() && range.first <= merged.back().last)
            merged.back().last = std::max(merged.back().last, range.last);
        else
            merged.push_back(range);
    }
    ranges_ = std::move(merged);
}

bool TrustedProxies::contain(const IpAddress& address) const {
    if (address.family == IpAddress::Family::None) return unix_sockets_;
    const auto behind = std::ranges::upper_bound(ranges_, address, {}, &IpRange::first);
    return behind != ranges_.begin() && address <= std::prev(behind)->last;
}

Result<TrustRules> make_trust_rules(const Config& config) {
    const TrustConfig& trust = config.trust;
    TrustRules rules;
    TRY_ASSIGN(rules.proxies, TrustedProxies::create(trust.proxies));
    rules.client_field_name = lower_case(trust.client_ip_header);
    rules.client_field = client_field_of(rules.client_field_name);
    for (const auto& [name, https] : trust.scheme_headers)
        rules.scheme_fields.push_back({lower_case(name), https});

    if (!is_claim(rules.client_field_name)) rules.more_claims.push_back(rules.client_field_name);
    for (const auto& field : rules.scheme_fields)
        if (!is_claim(field.name)) rules.more_claims.push_back(field.name);
    return rules;
}

bool is_claim(std::string_view name) {
    switch (name.front()) {
        case 'f':
            return name == "forwarded";
        case 'p':
            return name ==
                   "proxy";  // becomes HTTP_PROXY, which HTTP clients of the application obey
        case 'x':
            return name == "x-real-ip" || name == "x-request-id" || name == "x-request-start" ||
                   name == "x-queue-start" || name == "x-middleware-start" ||
                   name.starts_with("x-forwarded-");
        default:
            return false;
    }
}

}  // namespace bundle
