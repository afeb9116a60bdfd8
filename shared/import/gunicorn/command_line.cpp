#include "shared/import/gunicorn/command_line.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "shared/base/log.hpp"
#include "shared/import/gunicorn/launchers.hpp"
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
                    fmt::format("{}: {} is one application too many; {} is there already; expected "
                                "gunicorn [OPTIONS] MODULE:APP",
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

}  // namespace

Result<GunicornCommand> read_command_line(std::string_view text, const Place& place,
                                          std::map<std::string, std::string> environment) {
    GunicornCommand command;
    command.environment = std::move(environment);
    command.said = {place, std::string(text)};
    TRY_ASSIGN(const std::vector<std::string> words, arguments_of_gunicorn(text, command));
    const auto more = command.environment.extract("GUNICORN_CMD_ARGS");
    if (!more.empty()) {
        const Place of_variable{"GUNICORN_CMD_ARGS", 0};
        const auto of_it = shell_words(more.mapped());
        if (!of_it) return failure(fmt::format("GUNICORN_CMD_ARGS: {}", of_it.error().message));
        TRY(Arguments(*of_it, of_variable, command).read(0));
    }
    TRY(Arguments(words, place, command).read(0));
    return command;
}

namespace {

// What the package's unit has its own of.
constexpr std::array<std::string_view, 23> kOfBundleService = {
    "Type",           "ExecReload",       "ExecStop",        "KillMode",    "KillSignal",
    "TimeoutStopSec", "TimeoutStartSec",  "TimeoutSec",      "Restart",     "RestartSec",
    "NotifyAccess",   "RuntimeDirectory", "PrivateTmp",      "PIDFile",     "SyslogIdentifier",
    "StandardOutput", "StandardError",    "NoNewPrivileges", "WatchdogSec", "RuntimeDirectoryMode",
    "ProtectSystem",  "ProtectHome",      "StandardInput"};

Said said_of(const IniEntry& entry) { return {entry.place, entry.key + "=" + entry.value}; }

void tell_of_unit(const IniSection& section, const IniEntry& entry, GunicornCommand& command) {
    const bool is_known = std::ranges::find(kOfBundleService, entry.key) != kOfBundleService.end();
    const bool names_another = entry.value.find(".service") != std::string::npos ||
                               entry.value.find(".mount") != std::string::npos;
    const bool is_ours =
        section.name == "Service" ? is_known : section.name != "Unit" || !names_another;
    if (is_ours)
        command.told.push_back(
            {Fate::NotNeeded, said_of(entry), "the package's bundle.service has its own"});
    else
        command.told.push_back({Fate::NotTranslated, said_of(entry),
                                fmt::format("`systemctl edit bundle`: [{}] and, below it, {}={}",
                                            section.name, entry.key, entry.value)});
}

Result<void> take_environment(const IniEntry& entry, GunicornCommand& command) {
    const auto words = shell_words(entry.value);
    if (!words) return failure(fmt::format("{}: {}", entry.place.text(), words.error().message));
    if (words->empty())
        command.told.push_back({Fate::NotNeeded, said_of(entry), "it sets nothing"});
    for (const std::string& word : *words)
        if (is_assignment(word)) {
            const std::string name = word.substr(0, word.find('='));
            command.environment[name] = word.substr(name.size() + 1);
            command.places["Environment " + name] = {entry.place, "Environment=" + word};
        } else {
            command.told.push_back(
                {Fate::NotTranslated, said_of(entry), word + " is no NAME=VALUE"});
        }
    return {};
}

}  // namespace

Result<GunicornCommand> read_unit_of_systemd(std::string_view text, const std::string& file) {
    TRY_ASSIGN(const IniFile unit, read_ini(text, file, IniStyle::Systemd));
    const IniSection* service = unit.find("Service");
    const IniEntry* start = service ? service->find("ExecStart") : nullptr;
    if (!start) return failure(fmt::format("{}: expected a [Service] with ExecStart=", file));
    GunicornCommand of_unit;
    for (const IniSection& section : unit.sections)
        for (const IniEntry& entry : section.entries) {
            if (&entry == start) continue;
            std::string* const into = &section != service               ? nullptr
                                      : entry.key == "WorkingDirectory" ? &of_unit.directory
                                      : entry.key == "User"             ? &of_unit.user
                                      : entry.key == "Group"            ? &of_unit.group
                                                                        : nullptr;
            if (into) {
                *into = entry.value;
                of_unit.places[entry.key] = said_of(entry);
            } else if (&section == service && entry.key == "Environment") {
                TRY(take_environment(entry, of_unit));
            } else {
                tell_of_unit(section, entry, of_unit);
            }
        }
    const auto begin = start->value.find_first_not_of("@-:+!");
    TRY_ASSIGN(GunicornCommand command,
               read_command_line(begin == std::string::npos ? "" : start->value.substr(begin),
                                 start->place, std::move(of_unit.environment)));
    if (command.directory.empty()) command.directory = of_unit.directory;
    command.user = of_unit.user;
    command.group = of_unit.group;
    command.places.merge(of_unit.places);
    command.told.insert(command.told.end(), of_unit.told.begin(), of_unit.told.end());
    return command;
}

}  // namespace bundle::imported
