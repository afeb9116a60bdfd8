// How much may still be written to the temporary directory. A disk that bundle fills is a fault of
// the whole machine: some of it is left free, what lies there at a time is bounded, and a write
// that fails stops further ones for a moment instead of failing each of them.
#pragma once
#include <chrono>
#include <cstdint>
#include <string>

#include "frontend/request/limit.hpp"
#include "shared/base/bytes.hpp"

namespace bundle {

struct SpoolLimits {
    std::string directory;
    Bytes min_free;  // left to others; none: off
    Bytes max = Bytes::unlimited();
};

class SpoolSpace {
  public:
    explicit SpoolSpace(SpoolLimits limits) : limits_(std::move(limits)) {}
    SpoolSpace(const SpoolSpace&) = delete;
    SpoolSpace& operator=(const SpoolSpace&) = delete;

    [[nodiscard]] const std::string& directory() const { return limits_.directory; }
    // What stands against `bytes` more; Limit::None: there is room.
    [[nodiscard]] Limit met_by(std::uint64_t bytes);
    [[nodiscard]] bool has_room(std::uint64_t bytes) { return met_by(bytes) == Limit::None; }

    // The disk said no: there is no room for a second. Logged, at most once a minute.
    void failed(const std::string& what, int error);
    void took(std::uint64_t bytes);
    void gave_back(std::uint64_t bytes) { used_ -= bytes; }
    [[nodiscard]] std::uint64_t used() const { return used_; }

  private:
    using TimePoint = std::chrono::steady_clock::time_point;

    void look(TimePoint now);

    SpoolLimits limits_;
    std::uint64_t used_ = 0;  // by files that are open
    std::uint64_t free_ = 0;  // on the file system when we last looked, less what we wrote since
    TimePoint looked_;
    TimePoint closed_until_;
    TimePoint quiet_until_;
    std::uint64_t failures_ = 0;  // not told yet
};

}  // namespace bundle
