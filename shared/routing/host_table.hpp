// Which [[site]] answers for a host: one that names it, then the most specific wildcard, then one
// that names no hosts, then what server.unknown_host says.
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

#include "shared/config/config.hpp"
#include "shared/routing/text_lookup.hpp"

namespace bundle {

struct HostMatch {
    enum class By : std::uint8_t {
        Name,
        Wildcard,
        AnyHost,      // a site without hosts
        UnknownHost,  // the site that server.unknown_host chooses
        Nothing,      // no site: the connection is closed, or 421
    };
    By by = By::Nothing;
    std::uint32_t site = 0;  // index into Config::sites; of Nothing: none
};

class HostTable {
  public:
    explicit HostTable(const Config& config);

    // `authority` as the request has it; "" (HTTP/1.0 without Host) is a host that nobody names.
    // Allocates nothing.
    [[nodiscard]] HostMatch find(std::string_view authority) const;

  private:
    [[nodiscard]] std::optional<std::uint32_t> find_wildcard(std::string_view host) const;

    TextLookup<std::uint32_t> names_;
    TextLookup<std::uint32_t> wildcards_;  // "example.com" for "*.example.com"
    HostMatch otherwise_;
};

}  // namespace bundle
