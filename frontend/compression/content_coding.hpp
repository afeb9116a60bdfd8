// How the bytes of an answer may be compressed for a client (RFC 9110 sections 8.4.1 and 12.5.3).
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/http/headers.hpp"

namespace bundle {

// The better ones, which come first among equals, stand in front.
enum class Coding : std::uint8_t { Brotli, Zstd, Gzip };
inline constexpr std::size_t kCodings = 3;

constexpr std::size_t index_of(Coding coding) { return static_cast<std::size_t>(coding); }
std::string_view coding_name(Coding coding);    // in Content-Encoding
std::string_view coding_ending(Coding coding);  // of a file's name: ".br"
bool is_built_in(Coding coding);                // gzip is; the others where their libraries were

// What a client takes, in the order in which it likes to have them; what it likes less than the
// bytes as they are is not among them. No Accept-Encoding: as they are, for many a script asks for
// nothing and understands nothing.
class AcceptedCodings {
  public:
    AcceptedCodings() = default;
    explicit AcceptedCodings(std::string_view accept_encoding);
    static AcceptedCodings of(const Headers& fields);

    [[nodiscard]] const Coding* begin() const { return order_.data(); }
    [[nodiscard]] const Coding* end() const { return order_.data() + count_; }
    [[nodiscard]] bool empty() const { return count_ == 0; }
    [[nodiscard]] bool has(Coding coding) const;
    // Which of `ours`, by name and the better ones first, the client likes best; not one that is
    // not built in.
    [[nodiscard]] std::optional<Coding> best_of(const std::vector<std::string>& ours) const;

  private:
    std::array<int, kCodings> weights_{};  // 0: it does not take it
    std::array<Coding, kCodings> order_{};
    std::size_t count_ = 0;
};

}  // namespace bundle
