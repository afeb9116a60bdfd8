#include "shared/import/gunicorn/command_line.hpp"

#include <fmt/format.h>

#include "shared/base/log.hpp"
#include "shared/import/gunicorn/shell_words.hpp"
#include "shared/import/ini_file.hpp"

namespace bundle::imported {

namespace {

class Arguments {
  public:
    Arguments(const std::vector<std::string>& words, const Place& place, GunicornCommand& command)
        : words_(words), place_(place), command_(command) {}

    Result<void> read(std::size_t from) {
        for (at_ = from; at_ < words_.size(); ++at_) {
            const std::string& word = words_[at_];
            if (word.starts_with('-') && word.size() > 1) {
                TRY(take_option(word));
            } else if (command_.application.empty()) {
                command_.application = word;
            } else {
                return failure(
                    fmt::format("{}: {} is one application too many; {} is there already",
                                place_.text(), log_quoted(word), log_quoted(command_.application)));
            }
        }
        return {};
    }

  private:
    // "--workers=4", "--workers 4", "-w4", "-w 4".
    Result<void> take_option(const std::string& word) {
        const bool is_long = word.starts_with("--");
        const auto equals = is_long ? word.find('=') : std::string::npos;
        const std::string option = is_long ? word.substr(0, equals) : word.substr(0, 2);
        const GunicornSetting* setting = find_option(option);
        if (!setting) {
            return failure(
                fmt::format("{}: gunicorn has no option {}", place_.text(), log_quoted(option)));
        }
        std::string value = "True";
        if (setting->takes != Takes::Nothing) {
            if (equals != std::string::npos) {
                value = word.substr(equals + 1);
            } else if (!is_long && word.size() > 2) {
                value = word.substr(2);
            } else if (at_ + 1 < words_.size()) {
                value = words_[++at_];
            } else {
                return failure(
                    fmt::format("{}: expected a value behind {}", place_.text(), option));
            }
        }
        put(*setting, {place_, setting->takes == Takes::Nothing ? option : option + " " + value},
            value);
        return {};
    }

    void put(const GunicornSetting& setting, Said said, const std::string& value) {
        if (setting.name == "config") {
            command_.config = value;
            return;
        }
        GunicornValue made{std::string(setting.name), {value}, std::move(said)};
        const GunicornValue* before = command_.settings.find(setting.name);
        if (setting.takes == Takes::Several && before && before->said.place == place_) {
            made.values = before->values;
            made.values.push_back(value);
            made.said.words = before->said.words + " " + made.said.words;
        }
        command_.settings.set(std::move(made));
    }

    const std::vector<std::string>& words_;
    const Place& place_;
    GunicornCommand& command_;
    std::size_t at_ = 0;
};

bool is_assignment(const std::string& word) {
    const auto equals = word.find('=');
    if (equals == std::string::npos || equals == 0 || word.starts_with('-')) return false;
    return word.find_first_not_of(
               "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_") == equals;
}

bool is_program(const std::string& word) {
    const std::string name = word.substr(word.rfind('/') + 1);
    return name == "gunicorn" || name == "gunicorn3" || name == "gunicorn_paster" ||
           name == "gunicorn_django";
}

// "exec env A=1 /srv/venv/bin/gunicorn", "python -m gunicorn": up to the first argument.
std::size_t skip_program(const std::vector<std::string>& words, GunicornCommand& command) {
    std::size_t at = 0;
    for (; at < words.size(); ++at) {
        const std::string& word = words[at];
        if (is_assignment(word)) {
            const auto equals = word.find('=');
            command.environment[word.substr(0, equals)] = word.substr(equals + 1);
        } else if (word != "exec" && word != "env") {
            break;
        }
    }
    if (at < words.size() && is_program(words[at])) {
        command.program = words[at];
        return at + 1;
    }
    const bool is_module =
        at + 2 < words.size() && words[at + 1] == "-m" && words[at + 2].starts_with("gunicorn");
    if (!is_module) return at;
    command.program = words[at];
    return at + 3;
}

}  // namespace

Result<GunicornCommand> read_command_line(std::string_view text, const Place& place,
                                          std::map<std::string, std::string> environment) {
    GunicornCommand command;
    command.environment = std::move(environment);
    command.said = {place, std::string(text)};
    const auto words = shell_words(text);
    if (!words) return failure(fmt::format("{}: {}", place.text(), words.error().message));
    const std::size_t first = skip_program(*words, command);
    const auto more = command.environment.extract("GUNICORN_CMD_ARGS");
    if (!more.empty()) {
        const Place of_variable{"GUNICORN_CMD_ARGS", 0};
        const auto of_it = shell_words(more.mapped());
        if (!of_it) return failure(fmt::format("GUNICORN_CMD_ARGS: {}", of_it.error().message));
        TRY(Arguments(*of_it, of_variable, command).read(0));
    }
    TRY(Arguments(*words, place, command).read(first));
    return command;
}

Result<GunicornCommand> read_unit_of_systemd(std::string_view text, const std::string& file) {
    TRY_ASSIGN(const IniFile unit, read_ini(text, file, IniStyle::Systemd));
    const IniSection* service = unit.find("Service");
    const IniEntry* start = service ? service->find("ExecStart") : nullptr;
    if (!start) return failure(fmt::format("{}: expected a [Service] with ExecStart=", file));
    std::map<std::string, std::string> environment;
    for (const IniEntry& entry : service->entries) {
        if (entry.key != "Environment") continue;
        const auto words = shell_words(entry.value);
        if (!words)
            return failure(fmt::format("{}: {}", entry.place.text(), words.error().message));
        for (const std::string& word : *words)
            if (is_assignment(word))
                environment[word.substr(0, word.find('='))] = word.substr(word.find('=') + 1);
    }
    const auto begin = start->value.find_first_not_of("@-:+!");
    TRY_ASSIGN(GunicornCommand command,
               read_command_line(begin == std::string::npos ? "" : start->value.substr(begin),
                                 start->place, std::move(environment)));
    for (const auto& [key, into] : {
             std::pair{"WorkingDirectory", &command.directory},
             {"User",             &command.user     },
             {"Group",            &command.group    }
    })
        if (const IniEntry* entry = service->find(key)) *into = entry->value;
    return command;
}

}  // namespace bundle::imported
