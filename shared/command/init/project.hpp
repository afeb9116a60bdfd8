// What `bundle init` finds out about the project in a folder.
#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "shared/base/result.hpp"

namespace bundle {

// Files that the front can serve, and below which path.
struct ServedFolder {
    std::string path;       // "/static/"
    std::string directory;  // STATIC_ROOT
};

struct DjangoProject {
    std::string settings;          // "shop.settings", those that wsgi.py names if it does
    std::string managed_settings;  // those of manage.py
    ServedFolder static_files;
    ServedFolder media;
    bool names_have_hashes = false;  // ManifestStaticFilesStorage
    std::vector<std::string> hosts;
    std::string unknown;  // why its settings could not be read; empty: they could
};

struct Project {
    std::string what;                 // "a Django project"
    std::filesystem::path directory;  // the application is imported from there
    std::string wsgi;                 // "shop.wsgi:application"
    std::optional<std::filesystem::path> virtualenv;
    std::optional<DjangoProject> django;
    std::string paste = {};  // in place of wsgi: "production.ini"
};

// An error says where an application was looked for.
Result<Project> find_project(const std::filesystem::path& folder);

// Beside the project or one folder further up, under the usual names; else the one that is active
// in this shell.
std::optional<std::filesystem::path> find_virtualenv(const std::filesystem::path& folder);

// "shop.wsgi:application", in the modules of a folder.
struct FoundApplication {
    std::string what;
    std::string wsgi;
};
Result<FoundApplication> find_application(const std::filesystem::path& folder);

// Runs the interpreter of the project, which imports its settings.
void ask_django(Project& project);

// The text of site.toml, which stands in `folder`.
std::string site_text(const Project& project, const std::filesystem::path& folder);

}  // namespace bundle
