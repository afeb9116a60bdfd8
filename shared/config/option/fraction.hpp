// A kind for options that say how much of something: 0.25, 1.
#pragma once
#include <string>

#include "shared/config/option/kinds.hpp"

namespace bundle::config {

// From 0 to 1.
class Fraction {
  public:
    using Value = double;
    constexpr explicit Fraction(Value fallback) : fallback_(fallback) {}
    [[nodiscard]] Value fallback() const { return fallback_; }
    [[nodiscard]] Result<Value> read(const Node& node) const;
    [[nodiscard]] std::string print(Value value) const;
    [[nodiscard]] KindDescription describe() const;

  private:
    Value fallback_;
};

}  // namespace bundle::config
