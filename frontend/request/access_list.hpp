// Who may ask: the `allow` and `deny` of a site or a route.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "shared/base/ip_address.hpp"
#include "shared/base/result.hpp"

namespace bundle {

// The narrowest network that holds the client's address decides, as the first one does in nginx,
// where people write the narrow ones first; of the same network in both lists, `deny`. A client
// whom neither list names may ask unless `allow` names somebody.
class AccessList {
  public:
    // Items are those of trust.proxies (shared/config/trusted_peers.hpp).
    static Result<AccessList> create(const std::vector<std::string>& allow,
                                     const std::vector<std::string>& deny);

    [[nodiscard]] bool admits_everybody() const { return rules_.empty() && others_ && !unix_; }
    // No address: a client of a unix socket.
    [[nodiscard]] bool admits(const IpAddress& client) const;

  private:
    struct Rule {
        IpRange range;
        bool admits;
    };
    Result<void> add(const std::vector<std::string>& items, bool admits);

    std::vector<Rule> rules_;             // the narrowest first
    std::optional<bool> unix_;            // of "unix"
    std::optional<bool> unix_among_all_;  // of "*", which is wider
    bool others_ = true;
};

}  // namespace bundle
