// `bundle status` and its parts: what goes on in the running bundle, for people and for programs.
#include <CLI/CLI.hpp>
#include <memory>

#include "shared/command/running_bundle.hpp"
#include "shared/command/verbs.hpp"

namespace bundle {

namespace {

using wire::StatusForm;

struct StatusArguments {
    RunningArguments running;
    std::string app;
    bool json = false;
};

struct Look {
    const char* verb;
    const char* help;
    StatusForm text;
    StatusForm json;
    enum class Of : std::uint8_t { Everything, EachApp } of;
};

void add(CLI::App& app, Invocation& invocation, const Look& look) {
    const auto arguments = std::make_shared<StatusArguments>();
    CLI::App* verb = app.add_subcommand(look.verb, look.help);
    add_running_arguments(*verb, arguments->running);
    if (look.of == Look::Of::EachApp)
        verb->add_option("app", arguments->app, "The NAME of an [app.NAME], for that one alone")
            ->type_name("APP");
    verb->add_flag("--json", arguments->json, "The same facts for programs");
    verb->callback([arguments, look, &invocation] {
        invocation.run = [arguments, look] {
            return command_running_bundle(
                arguments->running,
                status_request(arguments->json ? look.json : look.text, arguments->app));
        };
    });
}

}  // namespace

void add_status(CLI::App& app, Invocation& invocation) {
    add(app, invocation,
        {"status", "Show what goes on in the running bundle: workers, queues, connections.",
         StatusForm::Text, StatusForm::Json, Look::Of::Everything});
}

void add_workers(CLI::App& app, Invocation& invocation) {
    add(app, invocation,
        {"workers", "Show each worker: its age, what it has served and used, what it does now.",
         StatusForm::Workers, StatusForm::WorkersJson, Look::Of::EachApp});
}

void add_requests(CLI::App& app, Invocation& invocation) {
    add(app, invocation,
        {"requests", "Show the requests that are in progress: where they are, and for how long.",
         StatusForm::Requests, StatusForm::RequestsJson, Look::Of::EachApp});
}

void add_queue(CLI::App& app, Invocation& invocation) {
    add(app, invocation,
        {"queue", "Show what waits for workers, how long requests waited, and which were dropped.",
         StatusForm::Queue, StatusForm::QueueJson, Look::Of::EachApp});
}

void add_slow(CLI::App& app, Invocation& invocation) {
    add(app, invocation,
        {"slow", "Show the slow requests of each route, and where their code stood.",
         StatusForm::Slow, StatusForm::SlowJson, Look::Of::Everything});
}

}  // namespace bundle
