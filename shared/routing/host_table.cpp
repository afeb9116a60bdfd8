#include "shared/routing/host_table.hpp"

#include "shared/routing/host_name.hpp"

namespace bundle {

namespace {

constexpr std::string_view kWildcard = "*.";

}  // namespace

HostTable::HostTable(const Config& config) {
    const std::string& unknown = config.server.unknown_host;
    std::optional<std::uint32_t> any_host;
    for (std::uint32_t index = 0; index < config.sites.size(); ++index) {
        const SiteConfig& site = config.sites[index];
        if (site.hosts.empty() && !any_host) any_host = index;
        for (const std::string& host : site.hosts) {
            const bool is_wildcard = host.starts_with(kWildcard);
            const HostName name(is_wildcard ? host.substr(kWildcard.size()) : host);
            (is_wildcard ? wildcards_ : names_).emplace(name.view(), index);
        }
    }
    if (any_host) {
        otherwise_ = {HostMatch::By::AnyHost, *any_host};
    } else if (unknown == "first") {
        if (!config.sites.empty()) otherwise_ = {HostMatch::By::UnknownHost, 0};
    } else if (unknown != "close" && unknown != "421") {
        otherwise_ = find(unknown);
        if (otherwise_.by != HostMatch::By::Nothing) otherwise_.by = HostMatch::By::UnknownHost;
    }
}

HostMatch HostTable::find(std::string_view authority) const {
    if (names_.empty() && wildcards_.empty()) return otherwise_;
    const HostName host(authority);
    if (const auto found = names_.find(host.view()); found != names_.end())
        return {HostMatch::By::Name, found->second};
    if (const auto site = find_wildcard(host.view())) return {HostMatch::By::Wildcard, *site};
    return otherwise_;
}

// "*.example.com" is for every name below example.com, however deep, and not for itself.
std::optional<std::uint32_t> HostTable::find_wildcard(std::string_view host) const {
    if (wildcards_.empty()) return std::nullopt;
    for (auto dot = host.find('.'); dot != std::string_view::npos; dot = host.find('.')) {
        host.remove_prefix(dot + 1);
        if (const auto found = wildcards_.find(host); found != wildcards_.end())
            return found->second;
    }
    return std::nullopt;
}

}  // namespace bundle
