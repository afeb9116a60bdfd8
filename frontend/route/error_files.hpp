// Pages for errors of our own from files (`errors` of a site or a route). They are read at start
// and held in memory: they are there when the disk is full, and when the files are gone.
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "frontend/answer/answer.hpp"
#include "shared/base/result.hpp"

namespace bundle {

struct ErrorFile;

// Files by their paths, so that one which several sites and routes name is read once.
using LoadedErrorFiles = std::map<std::string, std::shared_ptr<const ErrorFile>>;

class ErrorFiles {
  public:
    // `files` are paths by status ("404") or class ("5xx").
    static Result<ErrorFiles> load(const std::map<std::string, std::string>& files,
                                   LoadedErrorFiles& loaded);

    // Nothing when there is no file for it: a status comes before its class. `more_fields` are
    // copied.
    [[nodiscard]] std::optional<Answer> page(std::uint16_t status,
                                             std::span<const HeaderField> more_fields) const;

  private:
    std::map<std::string, std::shared_ptr<const ErrorFile>, std::less<>> files_;
};

}  // namespace bundle
