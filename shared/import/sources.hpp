// What is imported: files and a command line, each of which may be missing.
#pragma once
#include <map>
#include <string>

#include "shared/base/result.hpp"
#include "shared/import/draft.hpp"
#include "shared/import/gunicorn/config_file.hpp"

namespace bundle::imported {

struct Sources {
    std::string nginx;     // nginx.conf, or a file of sites-available
    std::string gunicorn;  // gunicorn.conf.py, a systemd unit, or a command line
    std::string uwsgi;     // an ini file
    std::string unit;      // the configuration of NGINX Unit, as JSON
    std::map<std::string, std::string> environment = {};  // around gunicorn: GUNICORN_CMD_ARGS
    PythonRunner python = {};                             // runs gunicorn.conf.py
};

// An error says what is wrong with which file, or what is missing to make a whole of it.
Result<Import> import_sources(const Sources& sources);

// What no option alone can know: what does not go together is taken out, and told.
void make_consistent(Import& out);

}  // namespace bundle::imported
