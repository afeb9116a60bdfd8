#include "shared/import/gunicorn/launchers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>

#include "shared/import/gunicorn/shell_words.hpp"

namespace bundle::imported {

namespace {

namespace fs = std::filesystem;
using Words = std::vector<std::string>;

struct Launcher {
    std::string_view program;
    std::string_view verb;  // its first argument; "": none
    Fate fate;
    std::string_view why;
};
constexpr std::string_view kDotVenv =
    "write app.main.virtualenv: the folder .venv of the project, in most cases";
constexpr std::string_view kAgent =
    "bundle starts no agent: the application's first lines have to, or a hook (app.main.hooks)";
constexpr std::string_view kOfShell = "`bundle serve` needs none";
constexpr std::array kLaunchers = std::to_array<Launcher>({
    {"exec",                     "",            Fate::NotNeeded,     kOfShell                                              },
    {"env",                      "",            Fate::NotNeeded,     kOfShell                                              },
    {"nohup",                    "",            Fate::NotNeeded,     kOfShell                                              },
    {"tini",                     "",            Fate::NotNeeded,     kOfShell                                              },
    {"dumb-init",                "",            Fate::NotNeeded,     kOfShell                                              },
    {"pipenv",                   "run",         Fate::NotTranslated, "write app.main.virtualenv: `pipenv --venv` tells it" },
    {"poetry",                   "run",         Fate::NotTranslated,
     "write app.main.virtualenv: `poetry env info --path` tells it"                                                        },
    {"hatch",                    "run",         Fate::NotTranslated, "write app.main.virtualenv: `hatch env find` tells it"},
    {"uv",                       "run",         Fate::NotTranslated, kDotVenv                                              },
    {"pdm",                      "run",         Fate::NotTranslated, kDotVenv                                              },
    {"rye",                      "run",         Fate::NotTranslated, kDotVenv                                              },
    {"newrelic-admin",           "run-program", Fate::NotTranslated, kAgent                                                },
    {"ddtrace-run",              "",            Fate::NotTranslated, kAgent                                                },
    {"opentelemetry-instrument", "",            Fate::NotTranslated, kAgent                                                },
});

std::string base_name(const std::string& word) { return word.substr(word.rfind('/') + 1); }

bool is_program(const std::string& word) {
    const std::string name = base_name(word);
    return name == "gunicorn" || name == "gunicorn3" || name == "gunicorn_paster" ||
           name == "gunicorn_django";
}

bool is_module(const Words& words, std::size_t at) {
    return at + 2 < words.size() && words[at + 1] == "-m" && words[at + 2].starts_with("gunicorn");
}

bool is_shell(const Words& words) {
    if (words.size() < 3) return false;
    const std::string name = base_name(words[0]);
    return (name == "sh" || name == "bash" || name == "dash") && words[1].starts_with('-') &&
           words[1].ends_with('c');
}

// At "&&" and ";", as a shell does; not in gunicorn's arguments, whose quotes are gone by now.
std::vector<Words> commands_in(const Words& words) {
    std::vector<Words> commands(1);
    bool has_gunicorn = false;
    for (std::string word : words) {
        has_gunicorn = has_gunicorn || is_program(word);
        const bool is_end = !has_gunicorn && (word == "&&" || word.ends_with(';'));
        if (is_end && word == "&&") word.clear();
        while (is_end && word.ends_with(';')) word.pop_back();
        if (!word.empty() || !is_end) commands.back().push_back(std::move(word));
        if (is_end) commands.emplace_back();
    }
    std::erase_if(commands, [](const Words& command) { return command.empty(); });
    return commands;
}

class BeforeGunicorn {
  public:
    explicit BeforeGunicorn(GunicornCommand& command) : command_(command) {}

    Result<Words> take(const Words& words, int depth = 0) {
        if (is_shell(words) && depth < 4) {
            const auto inner = shell_words(words[2]);
            if (!inner)
                return failure(
                    fmt::format("{}: {}", command_.said.place.text(), inner.error().message));
            return take(*inner, depth + 1);
        }
        const std::vector<Words> commands = commands_in(words);
        if (commands.empty()) return Words{};
        for (std::size_t i = 0; i + 1 < commands.size(); ++i) take_before(commands[i]);
        const Words& last = commands.back();
        if (is_shell(last) && depth < 4) return take(last, depth + 1);
        return take_command(last);
    }

  private:
    void take_before(const Words& words) {
        const bool has_one = words.size() == 2;
        constexpr std::string_view kActivate = "/bin/activate";
        if (has_one && words[0] == "cd") {
            command_.directory = (fs::path(command_.directory) / words[1]).string();
            command_.places["WorkingDirectory"] = {command_.said.place, "cd " + words[1]};
        } else if (has_one && (words[0] == "source" || words[0] == ".") &&
                   words[1].ends_with(kActivate)) {
            const std::string environment = words[1].substr(0, words[1].size() - kActivate.size());
            command_.program =
                (fs::path(command_.directory) / environment / "bin/gunicorn").string();
        } else if (words[0] == "export" &&
                   std::all_of(words.begin() + 1, words.end(), is_assignment)) {
            for (std::size_t i = 1; i < words.size(); ++i) assign(words[i]);
        } else {
            tell(Fate::NotTranslated, joined(words, 0, words.size()),
                 "if it is needed before each start: ExecStartPre= in `systemctl edit bundle`");
        }
    }

    Result<Words> take_command(const Words& words) {
        std::size_t at = 0;
        while (at < words.size() && (is_assignment(words[at]) || take_launcher(words, at)))
            if (is_assignment(words[at])) assign(words[at++]);
        at = behind_stranger(words, at);
        if (at < words.size() && is_program(words[at])) {
            take_program(words[at++]);
        } else if (is_module(words, at)) {
            take_program(words[at]);
            at += 3;
        } else if (at < words.size()) {
            const std::string name = base_name(words[at]);
            if (name == "uvicorn" || name == "hypercorn" || name == "daphne")
                return failure(
                    fmt::format("{}: {} serves ASGI, and bundle serves WSGI "
                                "applications alone",
                                command_.said.place.text(), name));
        }
        return Words(words.begin() + static_cast<std::ptrdiff_t>(at), words.end());
    }

    // "docker-entrypoint.sh gunicorn ...": a program that nobody here knows starts it.
    std::size_t behind_stranger(const Words& words, std::size_t at) {
        std::size_t to = at;
        while (to < words.size() && !is_program(words[to]) && !words[to].starts_with('-')) ++to;
        if (to == at || to == words.size() || !is_program(words[to])) return at;
        tell(Fate::NotTranslated, joined(words, at, to), "bundle does not start it");
        return to;
    }

    static std::string joined(const Words& words, std::size_t from, std::size_t to) {
        std::string text;
        for (std::size_t i = from; i < to; ++i) text += (text.empty() ? "" : " ") + words[i];
        return text;
    }

    // Up to what it starts.
    bool take_launcher(const Words& words, std::size_t& at) {
        const auto found = std::ranges::find(kLaunchers, base_name(words[at]), &Launcher::program);
        if (found == kLaunchers.end()) return false;
        std::size_t next = at + 1;
        if (!found->verb.empty() && (next == words.size() || words[next] != found->verb))
            return false;
        if (!found->verb.empty()) ++next;
        std::size_t to = next;  // its own options may have values
        while (to < words.size() && !is_program(words[to]) && !is_module(words, to)) ++to;
        const bool has_options = next < words.size() && words[next].starts_with('-');
        if (has_options && to < words.size()) next = to;
        if (found->why != kOfShell)
            tell(found->fate, joined(words, at, next), std::string(found->why));
        at = next;
        return at < words.size();
    }

    // An environment that was activated has its own.
    void take_program(const std::string& word) {
        if (command_.program.empty() || word.starts_with('/')) command_.program = word;
    }

    void assign(const std::string& word) {
        command_.environment[word.substr(0, word.find('='))] = word.substr(word.find('=') + 1);
    }

    void tell(Fate fate, const std::string& words, std::string why) {
        command_.told.push_back({
            fate, {command_.said.place, words},
             std::move(why)
        });
    }

    GunicornCommand& command_;
};

}  // namespace

bool is_assignment(const std::string& word) {
    const auto equals = word.find('=');
    if (equals == std::string::npos || equals == 0 || word.starts_with('-')) return false;
    return word.find_first_not_of(
               "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_") == equals;
}

Result<std::vector<std::string>> arguments_of_gunicorn(std::string_view text,
                                                       GunicornCommand& command) {
    const auto words = shell_words(text);
    if (!words)
        return failure(fmt::format("{}: {}", command.said.place.text(), words.error().message));
    return BeforeGunicorn(command).take(*words);
}

}  // namespace bundle::imported
