// Which requests have a line in the access log: log.access.exclude, exclude_agents and sample.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "shared/config/config.hpp"
#include "shared/http/headers.hpp"
#include "shared/routing/path_table.hpp"

namespace bundle {

class AccessFilter {
  public:
    explicit AccessFilter(const AccessLogConfig& config);

    // The others need not be asked.
    [[nodiscard]] bool takes_all() const {
        return !excludes_ && agents_.empty() && share_ > UINT32_MAX;
    }
    // `is_remarkable`: it went wrong, or was slow. The id decides for the others, so that a proxy
    // and we, who know a request by one id, keep the same ones.
    [[nodiscard]] bool takes(std::string_view path, const Headers& fields,
                             std::string_view request_id, bool is_remarkable) const;

  private:
    [[nodiscard]] bool is_of_excluded_agent(const Headers& fields) const;

    PathTable excluded_;
    bool excludes_;
    std::vector<std::string> agents_;
    std::uint64_t share_;  // of 2 to the 32nd
};

}  // namespace bundle
