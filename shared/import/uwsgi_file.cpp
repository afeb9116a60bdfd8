#include "shared/import/uwsgi_file.hpp"

#include <fmt/format.h>

#include <filesystem>

namespace bundle::imported {

namespace {

constexpr std::size_t kMostFiles = 64;  // a file may name itself

class UwsgiFile {
  public:
    UwsgiFile(const ReadFile& read, Findings& findings) : read_(read), findings_(findings) {}

    Result<void> take(std::string_view text, const std::string& file, const std::string& name) {
        TRY_ASSIGN(const IniFile ini, read_ini(text, file, IniStyle::Uwsgi));
        const IniSection* section = ini.find(name);
        if (!section) return failure(fmt::format("{}: expected a section [{}]", file, name));
        for (const IniEntry& entry : section->entries) {
            const bool is_file =
                entry.key == "ini" || entry.key == "include" || entry.key == "inherit";
            if (is_file)
                follow(entry);
            else
                taken_.entries.push_back(entry);
        }
        return {};
    }

    [[nodiscard]] IniSection taken() && { return std::move(taken_); }

  private:
    // "base.ini", "%dbase.ini", "base.ini:section".
    void follow(const IniEntry& entry) {
        const auto done = follow(entry, entry.value);
        if (done)
            findings_.add(Fate::Translated, entry.said(), "its lines, below by its name");
        else
            findings_.add(Fate::NotTranslated, entry.said(), done.error().message);
        taken_.entries.push_back(entry);
    }

    Result<void> follow(const IniEntry& entry, std::string path) {
        const std::string folder = std::filesystem::path(entry.place.file).parent_path().string();
        if (path.starts_with("%d")) path.replace(0, 2, folder.empty() ? "" : folder + "/");
        const auto colon = path.find(':');
        const std::string name = colon == std::string::npos ? "uwsgi" : path.substr(colon + 1);
        path = path.substr(0, colon);
        if (path.empty()) return failure("it names no file");
        if (++files_ > kMostFiles) return failure("files that name each other");
        const auto beside = (std::filesystem::path(folder) / path).string();
        auto text = read_(path);
        if (!text && beside != path)
            text = read_(beside).map([&](std::string found) {
                path = beside;
                return found;
            });
        if (!text) return tl::unexpected(text.error());
        return take(*text, path, name);
    }

    const ReadFile& read_;
    Findings& findings_;
    std::size_t files_ = 0;
    IniSection taken_{"uwsgi", {}};
};

}  // namespace

Result<IniSection> read_uwsgi(std::string_view text, const std::string& file, const ReadFile& read,
                              Findings& findings) {
    UwsgiFile of_it(read, findings);
    TRY(of_it.take(text, file, "uwsgi"));
    return std::move(of_it).taken();
}

}  // namespace bundle::imported
