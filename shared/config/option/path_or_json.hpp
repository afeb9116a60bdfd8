// A kind for options that are the settings of something else's: a file with them, or a table of
// whatever there may be, which is kept as JSON.
#pragma once
#include <string>
#include <string_view>

#include "shared/config/option/kinds.hpp"

namespace bundle::config {

class PathOrJson {
  public:
    using Value = std::string;  // an absolute path, or "{...}"
    constexpr explicit PathOrJson(std::string_view empty) : path_({.empty = empty}) {}
    [[nodiscard]] Value fallback() const { return path_.fallback(); }
    [[nodiscard]] Result<Value> read(const Node& node) const;
    [[nodiscard]] std::string print(const Value& value) const { return path_.print(value); }
    [[nodiscard]] KindDescription describe() const;

  private:
    Path path_;
};

}  // namespace bundle::config
