// The folders below which one application may name files by X-Sendfile. They are opened as all
// files are (file_root.hpp): nothing leads out of them, and names that begin with a dot are not
// found.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "frontend/files/file_root.hpp"
#include "shared/base/result.hpp"

namespace bundle {

class SendFileRoots {
  public:
    static Result<SendFileRoots> open(const std::vector<std::string>& directories);

    struct Place {
        const FileRoot* root = nullptr;
        std::string_view path;  // below root; points into the path asked for
    };
    // In the innermost root that `path` stands below, in the spelling of the configuration or with
    // its symbolic links resolved, as applications like to do. Nothing: below none.
    [[nodiscard]] std::optional<Place> place_of(std::string_view path) const;

    [[nodiscard]] bool empty() const { return prefixes_.empty(); }

  private:
    struct Prefix {
        std::string path;  // without a slash at its end
        std::size_t root = 0;
    };

    std::vector<FileRoot> roots_;
    std::vector<Prefix> prefixes_;  // the longest first
};

}  // namespace bundle
