// The options of [dev]. A part of options.hpp.
#pragma once
#include <tuple>

#include "shared/config/dev_config.hpp"
#include "shared/config/option/option.hpp"

namespace bundle::config {

inline constexpr std::tuple kDevOptions{
    option("reload", &DevConfig::reload, Flag(false),
           "Whether this bundle reloads itself when a Python file of an app changes, or what "
           "stands in a folder called templates, or the files of paste and logconfig, or this "
           "file or one that it includes. Requests wait for the new workers meanwhile. bundle "
           "serve --dev turns it on."),
    option("watch", &DevConfig::watch, PathList(),
           "Further files whose change counts, as patterns: \"conf/*.yaml\", \"pages/**/*.md\"; "
           "\"*\" stops at a slash, \"**\" does not."),
    option("tracebacks", &DevConfig::tracebacks, Flag(false),
           "Whether whoever meets an exception of an app is shown its traceback, and an app that "
           "cannot be imported is one that shows why. Never where others can come. bundle serve "
           "--dev turns it on."),
};

}  // namespace bundle::config
