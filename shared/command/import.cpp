// `bundle import`: writes the site.toml that does what nginx, gunicorn, uWSGI or Unit were told to.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>

#include "shared/command/config_arguments.hpp"
#include "shared/command/new_file.hpp"
#include "shared/command/read_gunicorn_conf.hpp"
#include "shared/command/verbs.hpp"
#include "shared/import/sources.hpp"

namespace bundle {

namespace {

namespace fs = std::filesystem;

struct ImportArguments {
    imported::Sources sources;
    std::string output = "site.toml";
};

int complain(const std::string& text, int exit_status) {
    fmt::print(stderr, "bundle: {}\n", text);
    return exit_status;
}

// Without what this shell has set: it is the file that has to be whole.
Result<LoadedConfig> load(const std::string& text, const std::string& output, Demand demand) {
    LoadRequest request;
    request.path = output == "-" ? "site.toml" : output;
    request.text = text;
    request.folder = fs::absolute(request.path).parent_path();
    request.demand = demand;
    return load_config(request);
}

void say_what_is_next(const ImportArguments& arguments, const std::string& text,
                      std::FILE* stream) {
    const auto loaded = load(text, arguments.output, Demand::ServableHere);
    if (!loaded) fmt::print(stream, "missing on this machine:\n{}\n", loaded.error().message);
    if (arguments.output == "-") return;
    fmt::print(stream, "next:\n  bundle check --conf {0}\n  bundle serve --conf {0}\n",
               arguments.output);
}

int run_import(const ImportArguments& arguments) {
    const imported::Sources& sources = arguments.sources;
    if (sources.nginx.empty() && sources.gunicorn.empty() && sources.uwsgi.empty() &&
        sources.unit.empty())
        return complain(
            "say what to import: --nginx FILE, --gunicorn FILE or \"COMMAND LINE\", --uwsgi FILE, "
            "--unit FILE",
            kExitUsage);
    const bool to_file = arguments.output != "-";
    std::error_code error;
    if (to_file && fs::exists(fs::symlink_status(arguments.output, error)))
        return complain(stays(arguments.output), kExitFailed);
    const auto imported = import_sources(sources);
    if (!imported) return complain(imported.error().message, kExitUsage);
    std::FILE* const stream = to_file ? stdout : stderr;
    const std::string text = imported->draft.text();
    fmt::print(stream, "{}", imported->findings.text());
    if (const auto loaded = load(text, arguments.output, Demand::WellFormed); !loaded)
        return complain("what could be imported makes no whole:\n" + loaded.error().message,
                        kExitUsage);
    if (!to_file) fmt::print("{}", text);
    if (to_file) {
        if (const auto written = write_new(arguments.output, text); !written)
            return complain(written.error().message, kExitFailed);
        fmt::print(stream, "{}: written\n", arguments.output);
    }
    say_what_is_next(arguments, text, stream);
    return kExitWell;
}

}  // namespace

void add_import(CLI::App& app, Invocation& invocation) {
    const auto arguments = std::make_shared<ImportArguments>();
    CLI::App* verb = app.add_subcommand(
        "import",
        "Write the site.toml that does what nginx and gunicorn (uWSGI, Unit) were told to.");
    imported::Sources& sources = arguments->sources;
    verb->add_option("--nginx", sources.nginx, "nginx.conf, or a file of sites-available")
        ->type_name("FILE");
    verb->add_option("--gunicorn", sources.gunicorn,
                     "gunicorn.conf.py (which is run), a systemd unit, or a command line in quotes")
        ->type_name("FILE|COMMAND");
    verb->add_option("--uwsgi", sources.uwsgi, "An ini file of uWSGI")->type_name("FILE");
    verb->add_option("--unit", sources.unit, "The configuration of NGINX Unit, JSON")
        ->type_name("FILE");
    verb->add_option("--output", arguments->output,
                     "Where to write it, never over a file; \"-\": standard output [site.toml]")
        ->type_name("FILE");
    verb->callback([arguments, &invocation] {
        arguments->sources.environment = process_environment();
        arguments->sources.python = {BUNDLE_PYTHON, std::string(kReadGunicornConf)};
        invocation.run = [arguments] { return run_import(*arguments); };
    });
}

}  // namespace bundle
