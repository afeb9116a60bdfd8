#include "shared/master/upgrade/command_line.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <string_view>

namespace bundle {

namespace fs = std::filesystem;

namespace {

bool is_program(const fs::path& path) {
    std::error_code ignored;
    return fs::is_regular_file(path, ignored) && access(path.c_str(), X_OK) == 0;
}

}  // namespace

fs::path program_of(const CommandLine& words, const fs::path& otherwise) {
    if (words.empty()) return otherwise;
    const std::string& name = words.front();
    if (name.find('/') != std::string::npos) return fs::exists(name) ? fs::path(name) : otherwise;
    const char* const path = std::getenv("PATH");
    std::string_view folders = path != nullptr ? path : "";
    while (!folders.empty()) {
        const std::size_t end = std::min(folders.find(':'), folders.size());
        const fs::path candidate = fs::path(folders.substr(0, end)) / name;
        if (is_program(candidate)) return candidate;
        folders.remove_prefix(std::min(end + 1, folders.size()));
    }
    return otherwise;
}

CommandLine with_state(const CommandLine& words, const char* option, int state) {
    CommandLine more;
    for (const std::string& word : words)
        if (!word.starts_with(fmt::format("{}=", kTakeOverOption))) more.push_back(word);
    more.push_back(fmt::format("{}={}", option, state));
    return more;
}

}  // namespace bundle
