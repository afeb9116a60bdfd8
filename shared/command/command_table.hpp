// What the command line knows, as plain data: for the manual and for the shells' completion.
#pragma once
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace bundle {

struct ArgumentRow {
    std::string name;   // "--conf"; of a positional one: "MODULE:APP"
    std::string value;  // "FILE"; empty: it takes none
    std::string help;
    bool positional = false;
    bool repeats = false;  // it may be given more than once
};

struct VerbRow {
    std::string name;
    std::string help;
    std::vector<ArgumentRow> arguments;
};

// Of the whole command, in the order in which `bundle --help` shows them.
std::vector<VerbRow> command_table(const CLI::App& app);

// bundle(1).
std::string command_manual(const std::vector<VerbRow>& verbs);

std::string bash_completion(const std::vector<VerbRow>& verbs);
std::string zsh_completion(const std::vector<VerbRow>& verbs);

}  // namespace bundle
