#include "shared/master/programs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

namespace bundle {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kBackendPrefix = "bundle-backend-";

// "3.11"
std::optional<PythonVersion> parse_version(std::string_view text) {
    PythonVersion version;
    const char* end = text.data() + text.size();
    const auto major = std::from_chars(text.data(), end, version.major);
    if (major.ec != std::errc() || major.ptr == end || *major.ptr != '.') return std::nullopt;
    const auto minor = std::from_chars(major.ptr + 1, end, version.minor);
    if (minor.ec != std::errc() || minor.ptr != end) return std::nullopt;
    return version;
}

std::vector<Backend> backends_in(const fs::path& folder) {
    std::vector<Backend> backends;
    std::error_code error;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
         entry.increment(error)) {
        const std::string name = entry->path().filename();
        if (!name.starts_with(kBackendPrefix)) continue;
        const auto version = parse_version(std::string_view(name).substr(kBackendPrefix.size()));
        if (version) backends.push_back({*version, entry->path()});
    }
    std::ranges::sort(backends, std::greater{}, [](const Backend& backend) {
        return std::pair(backend.python.major, backend.python.minor);
    });
    return backends;
}

std::string versions_of(const std::vector<Backend>& backends) {
    std::vector<std::string> versions;
    for (const Backend& backend : backends) versions.push_back(backend.python.text());
    return fmt::format("{}", fmt::join(versions, ", "));
}

}  // namespace

fs::path own_folder() { return fs::read_symlink("/proc/self/exe").parent_path(); }

Result<Programs> find_programs(const fs::path& folder) {
    const fs::path installed = (folder / "../libexec/bundle").lexically_normal();
    std::error_code error;
    for (const fs::path& place : {folder, installed}) {
        Programs programs{place / "bundle-front", backends_in(place)};
        if (!fs::exists(programs.front, error)) continue;
        if (programs.backends.empty()) {
            return failure(fmt::format(
                "there is bundle-front in {}, but no bundle-backend-X.Y; build or install it",
                place.string()));
        }
        return programs;
    }
    return failure(
        fmt::format("bundle-front is missing: it is neither in {} nor in {}; build or install it",
                    folder.string(), installed.string()));
}

Result<Backend> backend_for(const AppConfig& app, const Programs& programs) {
    if (app.virtualenv.empty()) return programs.backends.front();
    const auto version = version_of_virtualenv(app.virtualenv);
    if (!version) {
        return failure(fmt::format("app.{}.virtualenv: {}", app.name, version.error().message));
    }
    const auto found = std::ranges::find(programs.backends, *version, &Backend::python);
    if (found != programs.backends.end()) return *found;
    return failure(
        fmt::format("app.{}.virtualenv: {} was made for Python {}, but this bundle runs Python {}; "
                    "make it again with "
                    "`python{} -m venv --clear {}` and install its packages, or build a "
                    "bundle-backend for Python {} "
                    "(cmake -DBUNDLE_PYTHON=...)",
                    app.name, app.virtualenv, version->text(), versions_of(programs.backends),
                    programs.backends.front().python.text(), app.virtualenv, version->text()));
}

}  // namespace bundle
