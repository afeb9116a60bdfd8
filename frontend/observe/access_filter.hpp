// Which requests have a line in the access log: log.access.exclude and log.access.sample.
#pragma once
#include <cstdint>
#include <string_view>

#include "shared/config/config.hpp"
#include "shared/routing/path_table.hpp"

namespace bundle {

class AccessFilter {
  public:
    explicit AccessFilter(const AccessLogConfig& config);

    // The others need not be asked.
    [[nodiscard]] bool takes_all() const { return !excludes_ && share_ > UINT32_MAX; }
    // `is_remarkable`: it went wrong, or was slow. The id decides for the others, so that a proxy
    // and we, who know a request by one id, keep the same ones.
    [[nodiscard]] bool takes(std::string_view path, std::string_view request_id,
                             bool is_remarkable) const;

  private:
    PathTable excluded_;
    bool excludes_;
    std::uint64_t share_;  // of 2 to the 32nd
};

}  // namespace bundle
