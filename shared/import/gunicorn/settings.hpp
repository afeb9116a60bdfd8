// Every setting of gunicorn: how its command line spells it, and what becomes of it.
#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "shared/import/findings.hpp"

namespace bundle::imported {

enum class Takes : std::uint8_t {
    Nothing,   // --preload
    Value,     // --workers 4
    Several,   // --bind A --bind B
    FileOnly,  // there is no such option, only a name in gunicorn.conf.py
    Function,  // a hook
};

struct GunicornSetting {
    std::string_view name;
    std::string_view options;  // of the command line, with spaces between
    Takes takes;
    Fate fate;             // Translated: by settings_to_site.cpp
    std::string_view why;  // of other fates
};

// What somebody has set. Numbers and flags as Python writes them: "4", "True".
struct GunicornValue {
    std::string name;
    std::vector<std::string> values;
    Said said;

    [[nodiscard]] std::string first() const { return values.empty() ? "" : values.front(); }
};

std::span<const GunicornSetting> gunicorn_settings();
const GunicornSetting* find_setting(std::string_view name);
const GunicornSetting* find_option(std::string_view option);  // "-w", "--workers"

struct GunicornSettings {
    std::vector<GunicornValue> values;

    // In place of what was set before: a file, then GUNICORN_CMD_ARGS, then the command line.
    void set(GunicornValue value);
    [[nodiscard]] const GunicornValue* find(std::string_view name) const;
};

}  // namespace bundle::imported
