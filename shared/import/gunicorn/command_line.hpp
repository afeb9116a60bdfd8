// gunicorn's command line: "gunicorn -w 4 --bind unix:/run/shop.sock shop.wsgi:application", or a
// systemd unit with one.
#pragma once
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/result.hpp"
#include "shared/import/gunicorn/settings.hpp"

namespace bundle::imported {

struct GunicornCommand {
    GunicornSettings settings;  // of the command line, over those of GUNICORN_CMD_ARGS
    std::string config;         // -c; "": none
    std::string application;    // MODULE:APP
    std::string program;        // "/srv/shop/venv/bin/gunicorn"; "": not said
    std::string directory;      // WorkingDirectory= of a unit, or where "cd" leads to
    std::string user, group;    // of a unit
    std::map<std::string, std::string> environment;
    Said said;
    // Where these are said: "WorkingDirectory", "User", "Group", "Environment A"; else by `said`.
    std::map<std::string, Said> places = {};
    std::vector<Finding> told = {};  // of what is neither an option nor one of these
};

// `place` is where it stands. `environment` is what the process has around it: GUNICORN_CMD_ARGS
// counts.
Result<GunicornCommand> read_command_line(std::string_view text, const Place& place,
                                          std::map<std::string, std::string> environment);
// The text of a systemd unit.
Result<GunicornCommand> read_unit_of_systemd(std::string_view text, const std::string& file);

}  // namespace bundle::imported
