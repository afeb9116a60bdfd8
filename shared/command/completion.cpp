// `bundle completion`: what a shell reads to complete bundle's command lines.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <string>
#include <string_view>

#include "shared/command/command_table.hpp"
#include "shared/command/verbs.hpp"

namespace bundle {

namespace {

constexpr std::string_view kBash =
    R"(# bash completion of bundle(1). Generated: bundle completion bash

_bundle() {{
    local word=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD - 1]}}
    # Of "--conf=site", readline makes three words.
    if [[ $word == = ]]; then
        word=
    elif [[ $before == = ]]; then
        before=${{COMP_WORDS[COMP_CWORD - 2]}}
    fi
    COMPREPLY=()
    if ((COMP_CWORD == 1)); then
        COMPREPLY=($(compgen -W '{verbs}' -- "$word"))
        return
    fi
    case $before in
        {files})
            _bundle_files
            return
            ;;
    esac
    case ${{COMP_WORDS[1]}} in
{words}    esac
}}

_bundle_files() {{
    compopt -o filenames 2>/dev/null
    COMPREPLY=($(compgen -f -- "$word"))
}}
complete -F _bundle bundle
)";

constexpr std::string_view kZsh = R"(#compdef bundle
# zsh completion of bundle(1). Generated: bundle completion zsh

_bundle() {{
    local -a verbs=(
{verbs}    )
    if ((CURRENT == 2)); then
        _describe -t commands 'verb' verbs
        return
    fi
    local verb=$words[2]
    shift words
    ((CURRENT--))
    case $verb in
{arguments}    esac
}}

_bundle "$@"
)";

bool has_part(std::string_view value, std::string_view part) {
    for (;;) {
        const std::size_t end = value.find('|');
        if (value.substr(0, end) == part) return true;
        if (end == std::string_view::npos) return false;
        value.remove_prefix(end + 1);
    }
}

bool is_file(const ArgumentRow& argument) {
    return has_part(argument.value, "FILE") || argument.value == "PATH" ||
           argument.value == "FOLDER";
}

// What is typed as it stands; capitals name a kind of thing.
bool is_choice(const ArgumentRow& argument) {
    return argument.value.find('|') != std::string::npos && !is_file(argument);
}

// "bash|zsh" as "bash zsh".
std::string choices_of(const ArgumentRow& argument) {
    std::string words = argument.value;
    std::ranges::replace(words, '|', ' ');
    return words;
}

// In single quotes, for either shell.
std::string shell_word(std::string_view text) {
    std::string out = "'";
    for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return out + '\'';
}

// What _arguments and _describe of zsh would read as their own.
std::string without_meaning(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == ':' || c == '[' || c == ']' || c == '\\') out += '\\';
        out += c;
    }
    return out;
}

std::string words_for_bash(const VerbRow& verb) {
    std::string words;
    bool takes_file = false;
    for (const ArgumentRow& argument : verb.arguments) {
        if (!argument.positional)
            words += argument.name + ' ';
        else if (is_choice(argument))
            words += choices_of(argument) + ' ';
        takes_file = takes_file || (argument.positional && is_file(argument));
    }
    return fmt::format("        {}) {}COMPREPLY{}=($(compgen -W '{}' -- \"$word\")) ;;\n",
                       verb.name, takes_file ? "_bundle_files; " : "", takes_file ? "+" : "",
                       words.substr(0, words.find_last_not_of(' ') + 1));
}

std::string spec_for_zsh(const ArgumentRow& argument) {
    std::string spec;
    // "=" stands for either: "--conf FILE" and "--conf=FILE".
    if (!argument.positional)
        spec = fmt::format("{}{}{}[{}]", argument.repeats ? "*" : "", argument.name,
                           argument.value.empty() ? "" : "=", without_meaning(argument.help));
    if (!argument.value.empty()) {
        const std::string action = is_choice(argument) ? fmt::format("({})", choices_of(argument))
                                   : is_file(argument) ? "_files"
                                                       : "";
        spec += fmt::format(":{}:{}", without_meaning(argument.value), action);
    }
    return shell_word(spec);
}

std::string arguments_for_zsh(const VerbRow& verb) {
    std::string text = fmt::format("        {}) _arguments", verb.name);
    for (const ArgumentRow& argument : verb.arguments) text += ' ' + spec_for_zsh(argument);
    return text + " ;;\n";
}

int print_completion(const CLI::App& app, std::string_view shell) {
    const auto verbs = command_table(app);
    fmt::print("{}", shell == "zsh" ? zsh_completion(verbs) : bash_completion(verbs));
    return kExitWell;
}

}  // namespace

std::string bash_completion(const std::vector<VerbRow>& verbs) {
    std::vector<std::string> names, files;
    std::string words;
    for (const VerbRow& verb : verbs) {
        names.push_back(verb.name);
        words += words_for_bash(verb);
        for (const ArgumentRow& argument : verb.arguments) {
            const bool is_known = std::ranges::find(files, argument.name) != files.end();
            if (is_file(argument) && !argument.positional && !is_known)
                files.push_back(argument.name);
        }
    }
    return fmt::format(kBash, fmt::arg("verbs", fmt::to_string(fmt::join(names, " "))),
                       fmt::arg("files", fmt::to_string(fmt::join(files, " | "))),
                       fmt::arg("words", words));
}

std::string zsh_completion(const std::vector<VerbRow>& verbs) {
    std::string names, arguments;
    for (const VerbRow& verb : verbs) {
        names +=
            fmt::format("        {}\n", shell_word(verb.name + ':' + without_meaning(verb.help)));
        arguments += arguments_for_zsh(verb);
    }
    return fmt::format(kZsh, fmt::arg("verbs", names), fmt::arg("arguments", arguments));
}

void add_completion(CLI::App& app, Invocation& invocation) {
    const auto shell = std::make_shared<std::string>();
    CLI::App* verb =
        app.add_subcommand("completion", "Print what a shell reads to complete these commands.");
    verb->add_option("shell", *shell, "The shell that it is for")
        ->type_name("bash|zsh")
        ->required()
        ->check(CLI::IsMember({"bash", "zsh"}).description(""));
    verb->callback([shell, &app, &invocation] {
        invocation.run = [shell, &app] { return print_completion(app, *shell); };
    });
}

}  // namespace bundle
