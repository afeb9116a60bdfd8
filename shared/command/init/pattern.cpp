#include "shared/command/init/pattern.hpp"

#include <algorithm>

#include "shared/base/check.hpp"

namespace bundle {

Pattern::Pattern(const char* text, Reads reads) {
    const int flags = REG_EXTENDED | (reads == Reads::Lines ? REG_NEWLINE : 0);
    BUNDLE_CHECK(regcomp(&compiled_, text, flags) == 0);
}

std::vector<std::string> Pattern::find(const std::string& text) const {
    std::vector<regmatch_t> places(compiled_.re_nsub + 1);
    if (regexec(&compiled_, text.c_str(), places.size(), places.data(), 0) != 0) return {};
    std::vector<std::string> found;
    for (const regmatch_t& place : places) {
        const auto at = static_cast<std::size_t>(std::max(place.rm_so, 0));
        found.push_back(text.substr(at, static_cast<std::size_t>(std::max(place.rm_eo, 0)) - at));
    }
    return found;
}

}  // namespace bundle
