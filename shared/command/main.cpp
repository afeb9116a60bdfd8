// The `bundle` command: reads the command line and runs one verb.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <exception>
#include <string>
#include <vector>

#include "shared/base/log.hpp"
#include "shared/base/process_title.hpp"
#include "shared/command/foreign_arguments.hpp"
#include "shared/command/verbs.hpp"
#include "shared/config/option/nearest.hpp"

namespace bundle {

namespace {

void add_verbs(CLI::App& app, Invocation& invocation) {
    add_serve(app, invocation);
    add_reload(app, invocation);
    add_upgrade(app, invocation);
    add_scale(app, invocation);
    add_maintenance(app, invocation);
    add_status(app, invocation);
    add_workers(app, invocation);
    add_requests(app, invocation);
    add_queue(app, invocation);
    add_stack(app, invocation);
    add_top(app, invocation);
    add_slow(app, invocation);
    add_stop(app, invocation);
    add_check(app, invocation);
    add_show_config(app, invocation);
    add_init(app, invocation);
    add_import(app, invocation);
    add_reference(app, invocation);
    add_completion(app, invocation);
    add_version(app, invocation);
}

std::string what_is_wrong(const CLI::App& app, const CLI::ParseError& problem,
                          const std::vector<std::string>& words) {
    if (!app.get_subcommands().empty()) {
        const auto told = about_unknown_words(*app.get_subcommands().front(), words);
        return told.empty() ? problem.what() : fmt::format("{}", fmt::join(told, "\nbundle: "));
    }
    std::vector<std::string> verbs;
    for (const CLI::App* verb : app.get_subcommands(nullptr)) verbs.push_back(verb->get_name());
    // CLI11 misses a verb where there is a wrong one.
    const std::vector<std::string> rest = app.remaining();
    if (rest.empty()) return fmt::format("say what to do: {}", fmt::join(verbs, ", "));
    const auto meant = config::nearest(rest.front(), {verbs.begin(), verbs.end()});
    return fmt::format("{} is unknown{}", log_quoted(rest.front()),
                       meant ? fmt::format("; did you mean {}?", *meant) : "");
}

// The exit status of a command line that asks for no verb to run: --help, or a mistake.
int explain(const CLI::App& app, const CLI::ParseError& problem,
            const std::vector<std::string>& words) {
    if (problem.get_exit_code() == 0) return app.exit(problem);
    fmt::print(stderr, "bundle: {}\n", what_is_wrong(app, problem, words));
    fmt::print(stderr, "see: bundle --help, bundle VERB --help\n");
    return kExitUsage;
}

int run(int argc, char** argv, std::vector<std::string> words) {
    CLI::App app("The work of nginx and gunicorn in one product.", "bundle");
    app.require_subcommand(1);
    Invocation invocation{.words = std::move(words), .run = {}};
    add_verbs(app, invocation);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& problem) {
        return explain(app, problem, invocation.words);
    }
    return invocation.run();
}

}  // namespace

}  // namespace bundle

int main(int argc, char** argv) {
    std::vector<std::string> words(argv, argv + argc);  // before a title is written over them
    bundle::claim_process_title(argc, argv);
    try {
        return bundle::run(argc, argv, std::move(words));
    } catch (const std::exception& problem) {
        fmt::print(stderr, "bundle: {}\n", problem.what());
        return bundle::kExitFailed;
    }
}
