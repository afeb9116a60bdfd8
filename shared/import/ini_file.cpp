#include "shared/import/ini_file.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "shared/base/log.hpp"

namespace bundle::imported {

namespace {

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view kSpace = " \t\r";
    const auto begin = text.find_first_not_of(kSpace);
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(kSpace) - begin + 1);
}

// The next line, with those it goes on in.
std::string take_line(std::string_view& text, std::size_t& number, IniStyle style) {
    std::string line;
    for (;;) {
        const auto end = std::min(text.find('\n'), text.size());
        const std::string_view piece = trimmed(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
        ++number;
        const bool goes_on = style == IniStyle::Systemd && piece.ends_with('\\') && !text.empty();
        line += goes_on ? piece.substr(0, piece.size() - 1) : piece;
        if (!goes_on) return line;
        line += ' ';
    }
}

}  // namespace

const IniEntry* IniSection::find(std::string_view key) const {
    const auto found = std::ranges::find(entries.rbegin(), entries.rend(), key, &IniEntry::key);
    return found == entries.rend() ? nullptr : &*found;
}

const IniSection* IniFile::find(std::string_view name) const {
    const auto found = std::ranges::find(sections, name, &IniSection::name);
    return found == sections.end() ? nullptr : &*found;
}

Result<IniFile> read_ini(std::string_view text, const std::string& file, IniStyle style) {
    IniFile read;
    for (std::size_t number = 0; !text.empty();) {
        const std::size_t first = number + 1;
        const std::string line = take_line(text, number, style);
        if (line.empty() || line.front() == '#' || line.front() == ';') continue;
        if (line.front() == '[') {
            if (line.back() != ']')
                return failure(fmt::format("{}:{}: expected \"]\" at the end of {}", file, first,
                                           log_quoted(line)));
            read.sections.push_back({line.substr(1, line.size() - 2), {}});
            continue;
        }
        if (read.sections.empty())
            return failure(fmt::format("{}:{}: expected a [section] before {}", file, first,
                                       log_quoted(line)));
        const auto equals = line.find('=');
        if (equals == std::string::npos && style == IniStyle::Systemd)
            return failure(
                fmt::format("{}:{}: expected \"=\" in {}", file, first, log_quoted(line)));
        const std::string_view value = equals == std::string::npos
                                           ? "true"
                                           : trimmed(std::string_view(line).substr(equals + 1));
        read.sections.back().entries.push_back({
            std::string(trimmed(std::string_view(line).substr(0, equals))),
            std::string(value),
            {file, first}
        });
    }
    return read;
}

}  // namespace bundle::imported
