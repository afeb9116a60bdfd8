#include "shared/command/init/project.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "shared/base/file_text.hpp"
#include "shared/command/init/pattern.hpp"
#include "shared/config/paste_ini.hpp"

namespace bundle {

namespace {

namespace fs = std::filesystem;

constexpr const char* kUsualNames[] = {"venv", ".venv", "env", ".env", "virtualenv"};

bool is_virtualenv(const fs::path& folder) {
    std::error_code error;
    return fs::exists(folder / "pyvenv.cfg", error);
}

// The folder itself, or the only one in it, as in repositories that hold more than the project.
std::optional<fs::path> folder_of_manage_py(const fs::path& folder) {
    std::error_code error;
    if (fs::exists(folder / "manage.py", error)) return folder;
    std::optional<fs::path> found;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
         entry.increment(error)) {
        if (!fs::exists(entry->path() / "manage.py", error)) continue;
        if (found) return std::nullopt;
        found = entry->path();
    }
    return found;
}

// As manage.py and wsgi.py say it: os.environ.setdefault("DJANGO_SETTINGS_MODULE",
// "shop.settings").
Result<std::string> settings_of(const fs::path& file) {
    const Pattern setting(R"(DJANGO_SETTINGS_MODULE["']\s*(,|\]\s*=)\s*["']([[:alnum:]_.]+)["'])",
                          Pattern::Reads::Text);
    TRY_ASSIGN(const std::string text, read_text_file(file));
    if (const auto found = setting.find(text); !found.empty()) return found[2];
    return failure(
        fmt::format("{} names no DJANGO_SETTINGS_MODULE; say which application it is "
                    "with --wsgi MODULE:APP",
                    file.string()));
}

Result<Project> django_project(const fs::path& directory, const fs::path& folder) {
    TRY_ASSIGN(const std::string managed, settings_of(directory / "manage.py"));
    const std::string package = managed.substr(0, managed.find('.'));
    Project project{"a Django project", directory, "", find_virtualenv(directory), DjangoProject{}};
    if (!project.virtualenv) project.virtualenv = find_virtualenv(folder);
    // Who serves it does not run manage.py, which may be for who writes it.
    project.django->settings = settings_of(directory / package / "wsgi.py").value_or(managed);
    project.django->managed_settings = managed;
    // What startproject makes, unless the settings say otherwise.
    project.wsgi = package + ".wsgi:application";
    ask_django(project);
    return project;
}

// "production.ini" before what else there may be.
std::vector<fs::path> ini_files(const fs::path& folder) {
    std::vector<fs::path> files;
    std::error_code error;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
         entry.increment(error))
        if (entry->path().extension() == ".ini") files.push_back(entry->path());
    std::ranges::sort(files, {}, [](const fs::path& file) {
        return std::pair(file.filename() != "production.ini", file);
    });
    return files;
}

// An ini file of Paste Deploy says what the application is, where modules only have its factory.
std::optional<Project> paste_project(const fs::path& folder) {
    for (const fs::path& file : ini_files(folder)) {
        const auto text = read_text_file(file);
        const auto names = config::paste_applications(text.value_or(""));
        if (names.empty()) continue;
        const bool is_pyramid = text->find("pyramid") != std::string::npos;
        Project project{is_pyramid ? "a Pyramid project" : "an application of Paste Deploy",
                        folder,
                        "",
                        find_virtualenv(folder),
                        {},
                        file.filename()};
        if (std::ranges::find(names, "main") == names.end()) project.paste += '#' + names.front();
        return project;
    }
    return std::nullopt;
}

}  // namespace

std::optional<fs::path> find_virtualenv(const fs::path& folder) {
    for (const fs::path& place : {folder, folder.parent_path()})
        for (const char* name : kUsualNames)
            if (is_virtualenv(place / name)) return place / name;
    const char* active = std::getenv("VIRTUAL_ENV");
    if (active != nullptr && is_virtualenv(active)) return fs::path(active);
    return std::nullopt;
}

Result<Project> find_project(const fs::path& folder) {
    if (const auto directory = folder_of_manage_py(folder))
        return django_project(*directory, folder);
    if (auto project = paste_project(folder)) return *project;
    const auto found = find_application(folder);
    if (found) return Project{found->what, folder, found->wsgi, find_virtualenv(folder), {}};
    const fs::path source = folder / "src";
    if (const auto below = find_application(source))
        return Project{below->what, source, below->wsgi, find_virtualenv(folder), {}};
    return tl::unexpected(found.error());
}

}  // namespace bundle
