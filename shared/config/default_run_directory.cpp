#include "shared/config/default_run_directory.hpp"

#include <fmt/format.h>

#include <cstdint>

namespace bundle {

namespace {

// FNV-1a: the same in every version of bundle and of the compiler, which std::hash is not.
std::uint32_t fingerprint(std::string_view text) {
    std::uint32_t hash = 2166136261U;
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
    return hash;
}

bool is_usable(const std::string& folder) {
    return folder.starts_with('/') && ::access(folder.c_str(), W_OK | X_OK) == 0;
}

}  // namespace

std::string default_run_directory(std::string_view identity, uid_t uid,
                                  const std::map<std::string, std::string>& environment) {
    if (uid == 0) return "/run/bundle";
    const auto variable = [&](const char* name) {
        const auto found = environment.find(name);
        return found == environment.end() ? std::string() : found->second;
    };
    const std::uint32_t id = fingerprint(identity);
    for (const std::string& folder :
         {variable("XDG_RUNTIME_DIR"), fmt::format("/run/user/{}", uid)})
        if (is_usable(folder)) return fmt::format("{}/bundle-{:08x}", folder, id);
    const std::string temporary = variable("TMPDIR");
    return fmt::format("{}/bundle-{}-{:08x}", is_usable(temporary) ? temporary : "/tmp", uid, id);
}

}  // namespace bundle
