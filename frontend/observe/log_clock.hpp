// The wall clock as the access log writes it. The text of a second is made once; times are UTC.
#pragma once
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace bundle {

class LogClock {
  public:
    void set(std::chrono::system_clock::time_point now);

    [[nodiscard]] std::string_view common() const { return common_; }  // 14/Nov/2023:22:13:20 +0000
    [[nodiscard]] std::string_view iso() const { return iso_; }        // 2023-11-14T22:13:20
    [[nodiscard]] std::uint64_t micros() const { return micros_; }     // since 1970

  private:
    std::uint64_t micros_ = 0;
    std::int64_t second_ = -1;  // of which the texts are
    std::string common_;
    std::string iso_;
};

}  // namespace bundle
