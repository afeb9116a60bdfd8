// `bundle init`: looks at a project and writes the site.toml that serves it.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "shared/command/init/project.hpp"
#include "shared/command/new_file.hpp"
#include "shared/command/verbs.hpp"
#include "shared/master/programs.hpp"

namespace bundle {

namespace {

namespace fs = std::filesystem;

struct InitArguments {
    std::string folder = ".";
    std::string wsgi;  // empty: what is found
};

int complain(const std::string& text, int exit_status) {
    fmt::print(stderr, "bundle: {}\n", text);
    return exit_status;
}

Result<Project> project_in(const fs::path& folder, const std::string& wsgi) {
    if (wsgi.empty()) return find_project(folder);
    return Project{"a WSGI application", folder, wsgi, find_virtualenv(folder), {}};
}

// A virtual environment of another Python than any backend's would not serve.
std::string misfit(const Project& project) {
    if (!project.virtualenv) return "";
    const auto programs = find_programs(own_folder());
    if (!programs) return programs.error().message;
    AppConfig app;
    app.name = "main";
    app.virtualenv = project.virtualenv->string();
    const auto backend = backend_for(app, *programs);
    return backend ? "" : backend.error().message;
}

void say_what_is_next(const Project& project, const fs::path& file) {
    fmt::print("{}: written for {}, {}\n", file.string(), project.what,
               project.paste.empty() ? project.wsgi : project.paste);
    fmt::print("{}\n", project.virtualenv
                           ? "packages: " + project.virtualenv->string()
                           : "packages: the system's; there is no virtual environment here");
    if (project.django && !project.django->unknown.empty())
        fmt::print("the settings could not be read: {}\n", project.django->unknown);
    if (project.django && project.django->settings != project.django->managed_settings)
        fmt::print("settings: {}, as wsgi.py says; manage.py has {}\n", project.django->settings,
                   project.django->managed_settings);
    fmt::print("next:\n");
    std::error_code error;
    const bool collects = project.django && !project.django->static_files.directory.empty();
    if (collects && !fs::is_directory(project.django->static_files.directory, error))
        fmt::print(
            "  python manage.py collectstatic, then take the # from its route in the file\n");
    fmt::print(
        "  bundle check --conf {0}\n  bundle serve --conf {0}\n"
        "  bundle serve --dev --conf {0}    # while you write it: reloads, tracebacks, pdb\n",
        file.string());
}

int run_init(const InitArguments& arguments) {
    std::error_code error;
    const fs::path folder = fs::canonical(arguments.folder, error);
    if (error)
        return complain(fmt::format("{}: {}", arguments.folder, error.message()), kExitUsage);
    const fs::path file = (fs::path(arguments.folder) / "site.toml").lexically_normal();
    if (fs::exists(fs::symlink_status(file, error))) return complain(stays(file), kExitFailed);
    const auto project = project_in(folder, arguments.wsgi);
    if (!project) return complain(project.error().message, kExitFailed);
    const auto written = write_new(file, site_text(*project, folder));
    if (!written) return complain(written.error().message, kExitFailed);
    say_what_is_next(*project, file);
    const std::string problem = misfit(*project);
    return problem.empty() ? kExitWell : complain(problem, kExitFailed);
}

}  // namespace

void add_init(CLI::App& app, Invocation& invocation) {
    const auto arguments = std::make_shared<InitArguments>();
    CLI::App* verb = app.add_subcommand(
        "init", "Look at a project and write a site.toml for it; never over one that is there.");
    verb->add_option("folder", arguments->folder, "Of the project [.]")->type_name("FOLDER");
    verb->add_option("--wsgi", arguments->wsgi, "Its application, where it is not to be searched")
        ->type_name("MODULE:APP");
    verb->callback([arguments, &invocation] {
        invocation.run = [arguments] { return run_init(*arguments); };
    });
}

}  // namespace bundle
