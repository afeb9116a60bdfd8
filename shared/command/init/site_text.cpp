// The site.toml that `bundle init` writes.
#include <fmt/format.h>

#include "shared/command/init/project.hpp"
#include "shared/config/option/kinds.hpp"

namespace bundle {

namespace {

namespace fs = std::filesystem;

using config::basic_string;

// Relative where that is shorter for people: below the folder of the file.
std::string shown(const fs::path& path, const fs::path& folder) {
    const fs::path relative = path.lexically_relative(folder);
    const bool is_below = !relative.empty() && *relative.begin() != "..";
    return basic_string((is_below ? relative : path).string());
}

// "." is what a file without it means.
std::string directory_line(const fs::path& directory, const fs::path& folder) {
    if (directory == folder) return "";
    return fmt::format("directory = {}      # is imported from there\n", shown(directory, folder));
}

std::string app_table(const Project& project, const fs::path& folder) {
    std::string text = project.paste.empty()
                           ? fmt::format("[app.main]\nwsgi = {}\n", basic_string(project.wsgi))
                           : fmt::format("[app.main]\npaste = {}\n", basic_string(project.paste));
    text += directory_line(project.directory, folder);
    if (project.virtualenv)
        text += fmt::format("virtualenv = {}\n", shown(*project.virtualenv, folder));
    else
        text += "# virtualenv = \"venv\"         # there is none yet: packages are the system's\n";
    if (project.django)
        text += fmt::format("env = {{ DJANGO_SETTINGS_MODULE = {} }}\n",
                            basic_string(project.django->settings));
    text +=
        "# workers = 5                 # else 2 x cores + 1\n"
        "# threads = 4                 # requests at a time in one worker; else one\n"
        "# request_timeout = \"30s\"\n";
    return text;
}

// "example.com" and ".example.com" of ALLOWED_HOSTS.
std::string hosts_line(const Project& project) {
    std::string hosts;
    if (project.django) {
        for (const std::string& host : project.django->hosts) {
            if (host == "*") continue;
            const std::string name = host.front() == '.' ? host.substr(1) : host;
            hosts += fmt::format("{}{}", hosts.empty() ? "" : ", ", basic_string(name));
            if (name != host) hosts += fmt::format(", {}", basic_string("*" + host));
        }
    }
    return fmt::format("# hosts = [{}]{}\n", hosts.empty() ? "\"example.com\"" : hosts,
                       hosts.empty() ? "" : "      # ALLOWED_HOSTS");
}

// As a comment while its folder is not there: a route to nothing is an error.
std::string route(const ServedFolder& served, const fs::path& folder, const std::string& more) {
    std::error_code error;
    const std::string mark = fs::is_directory(served.directory, error) ? "" : "# ";
    std::string text = fmt::format("{0}[[site.route]]\n{0}path = {1}\n{0}directory = {2}\n", mark,
                                   basic_string(served.path), shown(served.directory, folder));
    if (!more.empty()) text += mark + more + '\n';
    return text;
}

std::string static_route(const DjangoProject& django, const fs::path& folder) {
    if (django.static_files.path.empty()) return "";
    if (django.static_files.directory.empty())
        return "\n# With a STATIC_ROOT in the settings, `manage.py collectstatic` gathers the "
               "static "
               "files there, and the\n# front serves them without a worker:\n"
               "# [[site.route]]\n# path = " +
               basic_string(django.static_files.path) + "\n# directory = \"staticfiles\"\n";
    return "\n# STATIC_URL and STATIC_ROOT: what `manage.py collectstatic` gathers, without a "
           "worker.\n" +
           route(django.static_files, folder, django.names_have_hashes ? "immutable = true" : "");
}

std::string media_route(const DjangoProject& django, const fs::path& folder) {
    if (django.media.path.empty() || django.media.directory.empty()) return "";
    return "\n# MEDIA_URL and MEDIA_ROOT. A page among them must not act as one of ours.\n" +
           route(
               django.media, folder,
               R"(headers.set = { Content-Security-Policy = "sandbox", X-Content-Type-Options = "nosniff" })");
}

std::string django_routes(const DjangoProject& django, const fs::path& folder) {
    if (!django.unknown.empty())
        return fmt::format(
            "\n# The settings could not be read, so files are missing here: {}\n"
            "# [[site.route]]\n# path = \"/static/\"            # STATIC_URL\n"
            "# directory = \"staticfiles\"    # STATIC_ROOT\n",
            django.unknown);
    return static_route(django, folder) + media_route(django, folder);
}

}  // namespace

std::string site_text(const Project& project, const fs::path& folder) {
    std::string text = fmt::format(
        "# Serves {}; written by `bundle init`. What else there is: `bundle reference`.\n\n",
        project.what);
    text += app_table(project, folder);
    text +=
        "\n# Without a line like this one: 127.0.0.1:8000, or the PORT of the environment.\n"
        "# [[listen]]\n# address = \":80\"             # every address of this machine\n\n"
        "[[site]]\napp = \"main\"\n";
    text += hosts_line(project);
    text +=
        "# root = \"public\"             # a file if there is one, else the app\n"
        "# headers.preset = \"basic\"\n";
    if (project.django) text += django_routes(*project.django, folder);
    return text;
}

}  // namespace bundle
