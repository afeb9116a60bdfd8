// From a field's name to its key in the environ: "x-request-id" to "HTTP_X_REQUEST_ID" (RFC
// 3875 4.1.18).
#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "backend/python/py_ref.hpp"

namespace bundle {

// Keys are made once and kept, but not for every name that a client thinks of: when the table is
// full, or the name is long, the key is made for this request alone. The names that browsers and
// proxies send are there from the start, so no client can crowd them out.
class FieldNames {
  public:
    // False with a Python exception.
    bool seed();

    // `name` in lower case, as it comes over the wire. Empty with a Python exception.
    PyRef key(std::string_view name);

    [[nodiscard]] std::size_t size() const { return keys_.size(); }
    static constexpr std::size_t kMaxNames = 512;
    static constexpr std::size_t kMaxNameLength = 64;

  private:
    struct Hash : std::hash<std::string_view> {
        using is_transparent = void;
    };
    std::unordered_map<std::string, PyRef, Hash, std::equal_to<>> keys_;
};

}  // namespace bundle
