// Cuts a text that comes in pieces into lines.
#pragma once
#include <functional>
#include <string>
#include <string_view>

namespace bundle {

class Lines {
  public:
    // Without its end.
    using Take = std::function<void(std::string_view line)>;

    void write(std::string_view text, const Take& take);
    // A line that has no end yet is taken as it is.
    void flush(const Take& take);
    [[nodiscard]] bool has_begun() const { return !partial_.empty(); }

  private:
    std::string partial_;
};

}  // namespace bundle
