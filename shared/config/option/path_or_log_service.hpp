// A kind for options that say where a log goes: a path, a word, or a service (log_place.hpp).
#pragma once
#include <string>

#include "shared/config/option/kinds.hpp"

namespace bundle::config {

class PathOrLogService {
  public:
    using Value = std::string;
    constexpr explicit PathOrLogService(PathRules rules) : path_(rules) {}
    [[nodiscard]] Value fallback() const { return path_.fallback(); }
    [[nodiscard]] Result<Value> read(const Node& node) const;
    [[nodiscard]] std::string print(const Value& value) const { return path_.print(value); }
    [[nodiscard]] KindDescription describe() const { return path_.describe(); }

  private:
    Path path_;
};

}  // namespace bundle::config
