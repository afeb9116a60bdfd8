// Fields that belong to one connection and go no further (RFC 9110 section 7.6.1).
#pragma once
#include <string_view>

#include "shared/http/headers.hpp"

namespace bundle {

// Connection, Keep-Alive, Proxy-Connection, Proxy-Authenticate, Proxy-Authorization, TE, Trailer,
// Transfer-Encoding, Upgrade and HTTP2-Settings, in whatever case.
bool is_hop_by_hop(std::string_view name);

// What a client may not take away by naming it in Connection: we route by the one and frame by the
// other.
bool is_never_removed(std::string_view name);

// The options of all Connection fields of a message. Made of views; good while the fields are.
class ConnectionOptions {
  public:
    explicit ConnectionOptions(const Headers& fields);

    // Whether there are options besides "close" and "keep-alive", as hardly any client sends.
    [[nodiscard]] bool name_fields() const { return name_fields_; }
    [[nodiscard]] bool contain(std::string_view option) const;

  private:
    const Headers& fields_;
    bool name_fields_ = false;
};

}  // namespace bundle
