#include "shared/config/paste_ini.hpp"

#include <algorithm>
#include <array>
#include <filesystem>

namespace bundle::config {

namespace {

constexpr std::array<std::string_view, 6> kApplications = {"app",      "application", "composite",
                                                           "composit", "pipeline",    "filter-app"};

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view kBlank = " \t\r";
    const std::size_t begin = std::min(text.find_first_not_of(kBlank), text.size());
    return text.substr(begin, text.find_last_not_of(kBlank) + 1 - begin);
}

}  // namespace

PasteName paste_name(const AppConfig& app) {
    const std::size_t mark = app.paste.find('#');
    const auto file = std::filesystem::path(app.directory) / app.paste.substr(0, mark);
    return {file.lexically_normal().string(),
            mark == std::string::npos ? "main" : app.paste.substr(mark + 1)};
}

std::vector<std::string> paste_applications(std::string_view ini) {
    std::vector<std::string> names;
    while (!ini.empty()) {
        const std::size_t end = std::min(ini.find('\n'), ini.size());
        const std::string_view line = trimmed(ini.substr(0, end));
        ini.remove_prefix(std::min(end + 1, ini.size()));
        const std::size_t colon = line.find(':'), bracket = line.rfind(']');
        if (!line.starts_with('[') || colon > bracket || bracket == std::string_view::npos)
            continue;
        if (std::ranges::find(kApplications, line.substr(1, colon - 1)) != kApplications.end())
            names.emplace_back(trimmed(line.substr(colon + 1, bracket - colon - 1)));
    }
    return names;
}

}  // namespace bundle::config
