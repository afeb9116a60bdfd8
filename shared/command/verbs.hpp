// The verbs of `bundle`: one file each, one function each that declares it on the command line.
#pragma once
#include <functional>

namespace CLI {
class App;
}

namespace bundle {

// What the command line asks for. The chosen verb leaves its work here while CLI11 parses; main
// runs it afterwards, so that no exception of CLI11 passes through it.
struct Invocation {
    std::function<int()> run;  // gives the exit status
};

inline constexpr int kExitWell = 0;
inline constexpr int kExitFailed = 1;        // at run time
inline constexpr int kExitUsage = 2;         // wrong usage or configuration
inline constexpr int kExitWorkerFailed = 3;  // a worker could not boot
inline constexpr int kExitAppNotLoaded = 4;  // the application could not be loaded

void add_version(CLI::App& app, Invocation& invocation);

}  // namespace bundle
