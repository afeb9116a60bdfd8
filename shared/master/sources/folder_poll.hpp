// Looks again and again what has changed in folders: where the kernel does not tell.
#pragma once
#include <sys/types.h>

#include <filesystem>
#include <map>
#include <vector>

#include "shared/master/sources/source_rules.hpp"

namespace bundle {

class FolderPoll {
  public:
    // What has come, gone or changed in these places since the last look; at the first, nothing.
    // Places that were not looked at before have not come.
    std::vector<std::filesystem::path> look(const SourceRules& rules,
                                            const std::vector<SourcePlace>& places);
    [[nodiscard]] std::size_t files() const { return stamps_.size(); }

  private:
    struct Stamp {
        timespec changed{};
        off_t size = 0;
        ino_t inode = 0;
        bool operator==(const Stamp& other) const {
            return changed.tv_sec == other.changed.tv_sec &&
                   changed.tv_nsec == other.changed.tv_nsec && size == other.size &&
                   inode == other.inode;
        }
    };
    using Stamps = std::map<std::filesystem::path, Stamp>;
    static Stamps stamps_of(const SourceRules& rules, const std::vector<SourcePlace>& places);

    std::vector<SourcePlace> places_;
    Stamps stamps_;
};

}  // namespace bundle
