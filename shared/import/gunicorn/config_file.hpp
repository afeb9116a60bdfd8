// gunicorn.conf.py. It is a program, so that nobody but Python knows what it sets: it is run, in a
// child and for a while.
#pragma once
#include <string>

#include "shared/base/result.hpp"
#include "shared/import/gunicorn/settings.hpp"

namespace bundle::imported {

struct PythonRunner {
    std::string python;  // an interpreter
    std::string
        script;  // what it runs, with the file, the folder to be in and the names of settings
};

// An error is the exception and its line, or that time ran out.
Result<GunicornSettings> read_config_file(const PythonRunner& runner, const std::string& path,
                                          const std::string& folder);

// What the child prints.
Result<GunicornSettings> settings_in(const std::string& output, const std::string& file);

}  // namespace bundle::imported
