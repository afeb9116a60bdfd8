// `bundle version`: this bundle and the libraries in its command.
#include <fmt/format.h>
#include <toml++/toml.h>

#include <CLI/CLI.hpp>

#include "shared/base/version.hpp"
#include "shared/command/verbs.hpp"

namespace bundle {

namespace {

int print_version() {
    fmt::print("bundle {}\n", kBundleVersion);
    fmt::print("  toml++ {}.{}.{}\n", TOML_LIB_MAJOR, TOML_LIB_MINOR, TOML_LIB_PATCH);
    fmt::print("  CLI11 {}\n", CLI11_VERSION);
    fmt::print("  fmt {}.{}.{}\n", FMT_VERSION / 10000, FMT_VERSION / 100 % 100, FMT_VERSION % 100);
    return kExitWell;
}

}  // namespace

void add_version(CLI::App& app, Invocation& invocation) {
    app.add_subcommand("version", "Show the version of bundle and of its libraries.")
        ->callback([&invocation] { invocation.run = print_version; });
}

}  // namespace bundle
