// Whether the kernel has killed somebody of our control group because memory was short: without its
// word, "out of memory" would be a guess.
#pragma once
#include <cstdint>
#include <string>

namespace bundle {

class OomKills {
  public:
    // Of the group that `membership` names (/proc/self/cgroup), below `mount`; version 2 or 1.
    explicit OomKills(const std::string& mount = "/sys/fs/cgroup",
                      const std::string& membership = "/proc/self/cgroup");

    // Since the last time, or since this was made. Never where there is no counter.
    bool went_up();

  private:
    [[nodiscard]] std::uint64_t count() const;

    std::string file_;  // empty: none
    std::uint64_t last_ = 0;
};

}  // namespace bundle
