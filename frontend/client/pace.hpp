// Whether a client keeps up a minimum rate, on average over a minute: a timeout between bytes alone
// lets it send one byte now and then, for ever.
//
// It is credit: time in which we wait for the client uses it up, bytes give it back. There is
// enough for ten seconds at first, and never more than for a minute: a client that was fast may
// pause, but not live for hours on what it did at first.
#pragma once
#include <algorithm>
#include <chrono>
#include <cstdint>

#include "shared/base/bytes.hpp"

namespace bundle {

class Pace {
  public:
    static constexpr std::chrono::seconds kAtFirst{10};
    static constexpr std::chrono::seconds kAtMost{60};

    // No rate: never too slow.
    void begin(Bytes rate) {
        rate_ = static_cast<std::int64_t>(rate.count);
        credit_ = rate_ * std::chrono::milliseconds(kAtFirst).count();
    }
    void moved(std::uint64_t bytes) {
        const std::int64_t most = rate_ * std::chrono::milliseconds(kAtMost).count();
        credit_ = std::min(most, credit_ + static_cast<std::int64_t>(bytes) * 1000);
    }
    // We waited so long for the client.
    void waited(std::chrono::milliseconds time) { credit_ -= rate_ * time.count(); }
    [[nodiscard]] bool too_slow() const { return credit_ < 0; }

  private:
    std::int64_t rate_ = 0;    // bytes in a second
    std::int64_t credit_ = 0;  // thousandths of a byte
};

}  // namespace bundle
