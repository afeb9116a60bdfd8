// Which bundle this is; the number stands in the top CMakeLists.txt.
#pragma once
#include <string_view>

namespace bundle {

inline constexpr std::string_view kBundleVersion = BUNDLE_VERSION;

}  // namespace bundle
