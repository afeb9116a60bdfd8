#include "shared/base/virtualenv.hpp"

#include <fmt/format.h>

#include <charconv>
#include <fstream>
#include <iterator>

namespace bundle {

namespace {

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view kBlank = " \t\r";
    const auto first = text.find_first_not_of(kBlank);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

// "3.11.2" or "3.11.2.final.0"
std::optional<PythonVersion> parsed_version(std::string_view text) {
    PythonVersion version;
    const char* const end = text.data() + text.size();
    const auto major = std::from_chars(text.data(), end, version.major);
    if (major.ec != std::errc() || major.ptr == end || *major.ptr != '.') return std::nullopt;
    const auto minor = std::from_chars(major.ptr + 1, end, version.minor);
    if (minor.ec != std::errc() || (minor.ptr != end && *minor.ptr != '.')) return std::nullopt;
    return version;
}

}  // namespace

std::string PythonVersion::text() const { return fmt::format("{}.{}", major, minor); }

// `python -m venv` writes version, virtualenv and uv write version_info.
std::optional<PythonVersion> version_in_pyvenv(std::string_view pyvenv_cfg) {
    while (!pyvenv_cfg.empty()) {
        const auto line = pyvenv_cfg.substr(0, pyvenv_cfg.find('\n'));
        pyvenv_cfg.remove_prefix(std::min(line.size() + 1, pyvenv_cfg.size()));
        const auto equals = line.find('=');
        if (equals == std::string_view::npos) continue;
        const auto key = trimmed(line.substr(0, equals));
        if (key == "version" || key == "version_info")
            return parsed_version(trimmed(line.substr(equals + 1)));
    }
    return std::nullopt;
}

Result<PythonVersion> version_of_virtualenv(const std::string& directory) {
    const std::string path = directory + "/pyvenv.cfg";
    std::ifstream file(path);
    if (!file)
        return failure(
            fmt::format("{} is not a virtualenv: {}: {}", directory, path, std::strerror(errno)));
    const std::string text(std::istreambuf_iterator<char>(file), {});
    const auto version = version_in_pyvenv(text);
    if (!version) return failure(path + " does not say which Python version it was made for");
    return *version;
}

}  // namespace bundle
