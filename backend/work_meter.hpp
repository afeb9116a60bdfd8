// What a request takes: the CPU time of the thread that calls, and by how much the process's
// resident memory grows meanwhile (other threads have their part in that).
#pragma once
#include <cstdint>

#include "shared/base/owned_fd.hpp"
#include "shared/wire/messages.hpp"

namespace bundle {

class WorkMeter {
  public:
    WorkMeter();

    void begin();
    // Since then.
    [[nodiscard]] wire::Cost cost() const;

  private:
    [[nodiscard]] std::uint64_t resident() const;  // bytes; 0: not known

    OwnedFd statm_;  // of this process
    std::uint64_t cpu_ = 0;
    std::uint64_t resident_ = 0;
};

}  // namespace bundle
