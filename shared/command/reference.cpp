// `bundle reference`: every option there is, for people or for editors.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "shared/command/verbs.hpp"
#include "shared/config/reference/markdown.hpp"
#include "shared/config/reference/schema.hpp"

namespace bundle {

namespace {

struct Arguments {
    bool schema = false;
    bool markdown = false;  // what is printed anyway, for those who want to say it
};

int print_reference(const Arguments& arguments) {
    fmt::print("{}", arguments.schema ? config::json_schema() : config::markdown_reference());
    return kExitWell;
}

}  // namespace

void add_reference(CLI::App& app, Invocation& invocation) {
    const auto arguments = std::make_shared<Arguments>();
    CLI::App* verb =
        app.add_subcommand("reference", "Print every option: its default, range and purpose.");
    CLI::Option* schema =
        verb->add_flag("--schema", arguments->schema, "As JSON Schema, for editors");
    verb->add_flag("--markdown", arguments->markdown, "As Markdown (the default)")
        ->excludes(schema);
    verb->callback([arguments, &invocation] {
        invocation.run = [arguments] { return print_reference(*arguments); };
    });
}

}  // namespace bundle
