// Whom we believe when it tells who the client is, and by which fields: [trust] of the
// configuration, ready to be asked.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/ip_address.hpp"
#include "shared/base/result.hpp"
#include "shared/config/config.hpp"

namespace bundle {

// Addresses in ranges that are sorted and do not overlap. Asked once for each connection, and for
// each address that a proxy tells.
class TrustedProxies {
  public:
    static Result<TrustedProxies> create(const std::vector<std::string>& items);

    // No address: the peer of a unix socket.
    [[nodiscard]] bool contain(const IpAddress& address) const;

  private:
    void merge_ranges();

    std::vector<IpRange> ranges_;
    bool unix_sockets_ = false;
};

struct TrustRules {
    enum class ClientField { XForwardedFor, Forwarded, OneAddress };
    struct SchemeField {
        std::string name;   // lower-case
        std::string https;  // what it holds when the client's scheme is https, in whatever case
    };

    TrustedProxies proxies;
    ClientField client_field = ClientField::XForwardedFor;
    std::string client_field_name;  // lower-case
    std::vector<SchemeField> scheme_fields;
    // Those of the fields above that nobody would take for a claim by their names (is_claim()).
    std::vector<std::string> more_claims;
};

Result<TrustRules> make_trust_rules(const Config& config);

// What says who the client is, or steers what stands behind us: only who is trusted may say it.
// `name` is lower-case.
bool is_claim(std::string_view name);

}  // namespace bundle
