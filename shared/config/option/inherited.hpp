// A kind for options that a narrower table has from a wider one.
#pragma once
#include <string>
#include <string_view>

#include "shared/config/option/kinds.hpp"

namespace bundle::config {

// An option that has, left out, the value of the same option around it (inheritance.hpp).
template <typename Kind>
class Inherited {
  public:
    using Value = typename Kind::Value;
    // `from` says in words where the value comes from.
    constexpr Inherited(Kind kind, std::string_view from) : kind_(kind), from_(from) {}
    [[nodiscard]] Value fallback() const { return kind_.fallback(); }
    [[nodiscard]] Result<Value> read(const Node& node) const { return kind_.read(node); }
    [[nodiscard]] std::string print(const Value& value) const { return kind_.print(value); }
    [[nodiscard]] KindDescription describe() const {
        KindDescription description = kind_.describe();
        description.fallback = from_;
        description.fallback_is_toml = false;
        return description;
    }

  private:
    Kind kind_;
    std::string_view from_;
};

}  // namespace bundle::config
