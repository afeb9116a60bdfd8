// The verbs of `bundle`: one file each, one function each that declares it on the command line.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "shared/base/exit_status.hpp"

namespace CLI {
class App;
}

namespace bundle {

// What the command line asks for. The chosen verb leaves its work here while CLI11 parses; main
// runs it afterwards, so that no exception of CLI11 passes through it.
struct Invocation {
    std::vector<std::string> words;  // the whole command line
    std::function<int()> run;        // gives the exit status
};

void add_serve(CLI::App& app, Invocation& invocation);
void add_reload(CLI::App& app, Invocation& invocation);
void add_upgrade(CLI::App& app, Invocation& invocation);
void add_maintenance(CLI::App& app, Invocation& invocation);
void add_status(CLI::App& app, Invocation& invocation);
void add_workers(CLI::App& app, Invocation& invocation);
void add_requests(CLI::App& app, Invocation& invocation);
void add_queue(CLI::App& app, Invocation& invocation);
void add_stack(CLI::App& app, Invocation& invocation);
void add_top(CLI::App& app, Invocation& invocation);
void add_slow(CLI::App& app, Invocation& invocation);
void add_scale(CLI::App& app, Invocation& invocation);
void add_stop(CLI::App& app, Invocation& invocation);
void add_check(CLI::App& app, Invocation& invocation);
void add_show_config(CLI::App& app, Invocation& invocation);
void add_reference(CLI::App& app, Invocation& invocation);
void add_init(CLI::App& app, Invocation& invocation);
void add_import(CLI::App& app, Invocation& invocation);
void add_completion(CLI::App& app, Invocation& invocation);
void add_version(CLI::App& app, Invocation& invocation);

}  // namespace bundle
