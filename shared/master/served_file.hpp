// The file that is served, and how it is read again: with the same --set and environment, and with
// the working directory found anew by its name, so that `current -> releases/42` counts.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "shared/base/result.hpp"
#include "shared/config/loader.hpp"
#include "shared/master/plan.hpp"

namespace bundle {

struct Reading {
    LoadedConfig loaded;
    Plan plan;
};

class ServedFile {
  public:
    // `programs` is the folder of the command.
    ServedFile(LoadRequest request, std::filesystem::path programs);
    // Of a start in `folder` by another program of this process.
    ServedFile(LoadRequest request, std::filesystem::path programs, std::string folder);

    // An error is a mistake of the file's, one problem to a line. What cannot change while we run
    // is one of them; where nobody says it, it stays as in `serving`.
    [[nodiscard]] Result<Reading> read_again(const Config& serving) const;

    // Of the file, without links; empty when nobody named one.
    [[nodiscard]] std::filesystem::path path() const;
    // Files and patterns of files that it includes, see included_by().
    [[nodiscard]] std::vector<std::string> included() const;
    [[nodiscard]] const std::filesystem::path& programs() const { return programs_; }
    [[nodiscard]] const std::string& folder() const { return folder_; }

  private:
    LoadRequest request_;
    std::filesystem::path programs_;
    std::string folder_;  // the working directory as the shell calls it
};

Result<Plan> plan_for(const Config& config, const std::filesystem::path& programs,
                      PlanFor purpose = PlanFor::Serving);

}  // namespace bundle
