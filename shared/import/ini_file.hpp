// Files of the form "[section]" and "key = value": uWSGI's, and systemd's units.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/result.hpp"
#include "shared/import/findings.hpp"

namespace bundle::imported {

enum class IniStyle : std::uint8_t {
    Uwsgi,    // a key may stand alone, which means true
    Systemd,  // a line may end in "\" and go on
};

struct IniEntry {
    std::string key;
    std::string value;
    Place place;
    [[nodiscard]] Said said() const { return {place, key + " = " + value}; }
};

struct IniSection {
    std::string name;
    std::vector<IniEntry> entries;
    [[nodiscard]] const IniEntry* find(std::string_view key) const;  // the last one
};

struct IniFile {
    std::vector<IniSection> sections;
    [[nodiscard]] const IniSection* find(std::string_view name) const;
};

// An error says file and line, and what was expected.
Result<IniFile> read_ini(std::string_view text, const std::string& file, IniStyle style);

}  // namespace bundle::imported
