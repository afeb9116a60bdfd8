// Which certificate a client has to show for the server name that it asks for: what the site says
// to which that name leads, else what [tls] says.
#pragma once
#include <string_view>
#include <vector>

#include "shared/config/config.hpp"
#include "shared/routing/host_table.hpp"

namespace bundle {

class ClientPolicy {
  public:
    explicit ClientPolicy(const Config& config)
        : sites_(config), otherwise_(config.tls.client_verify) {
        for (const SiteConfig& site : config.sites) of_sites_.push_back(site.client_verify);
    }

    // `server_name` is "" when it asks for none.
    [[nodiscard]] ClientVerify of(std::string_view server_name) const {
        if (server_name.empty()) return otherwise_;
        const HostMatch match = sites_.find(server_name);
        return match.by == HostMatch::By::Nothing ? otherwise_ : of_sites_[match.site];
    }

  private:
    HostTable sites_;
    std::vector<ClientVerify> of_sites_;
    ClientVerify otherwise_;
};

}  // namespace bundle
