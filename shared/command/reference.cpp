// `bundle reference`: every option there is, for people or for editors.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "shared/command/command_table.hpp"
#include "shared/command/verbs.hpp"
#include "shared/config/reference/manual_page.hpp"
#include "shared/config/reference/markdown.hpp"
#include "shared/config/reference/schema.hpp"

namespace bundle {

namespace {

constexpr int kCommandSection = 1, kFileSection = 5;

struct ReferenceArguments {
    bool schema = false;
    bool markdown = false;  // what is printed anyway, for those who want to say it
    int manual = 0;         // the section of a manual page; 0: none
};

std::string wanted_text(const ReferenceArguments& arguments, const CLI::App& app) {
    if (arguments.schema) return config::json_schema();
    if (arguments.manual == kCommandSection) return command_manual(command_table(app));
    if (arguments.manual == kFileSection) return config::options_manual();
    return config::markdown_reference();
}

}  // namespace

void add_reference(CLI::App& app, Invocation& invocation) {
    const auto arguments = std::make_shared<ReferenceArguments>();
    CLI::App* verb =
        app.add_subcommand("reference", "Print every option: its default, range and purpose.");
    CLI::Option* schema =
        verb->add_flag("--schema", arguments->schema, "As JSON Schema, for editors");
    verb->add_flag("--markdown", arguments->markdown, "As Markdown (the default)")
        ->excludes(schema);
    verb->add_option("--man", arguments->manual,
                     "As a manual page: 1 is bundle(1), 5 is bundle-site.toml(5)")
        ->type_name("1|5")
        ->check(CLI::IsMember({kCommandSection, kFileSection}).description(""))
        ->excludes(schema);
    verb->callback([arguments, &app, &invocation] {
        invocation.run = [arguments, &app] {
            fmt::print("{}", wanted_text(*arguments, app));
            return kExitWell;
        };
    });
}

}  // namespace bundle
