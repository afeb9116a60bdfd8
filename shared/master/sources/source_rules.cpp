#include "shared/master/sources/source_rules.hpp"

#include <algorithm>

#include "shared/config/paste_ini.hpp"

namespace bundle {

namespace fs = std::filesystem;

namespace {

bool is_of_an_editor(std::string_view name) {
    return name.starts_with('.') || name.starts_with('#') || name.ends_with('~') ||
           name.ends_with(".swp") || name.ends_with(".swx") || name == "4913";  // vim's
}

// "/a/**/b" is for "/a/b" as well.
std::string without_depth(std::string pattern) {
    constexpr std::string_view kAnyDepth = "/**/";
    for (std::size_t at = 0; (at = pattern.find(kAnyDepth, at)) != std::string::npos;)
        pattern.erase(at + 1, kAnyDepth.size() - 1);
    return pattern;
}

}  // namespace

SourceRules::SourceRules(const Config& config, const fs::path& file,
                         const std::vector<std::string>& included) {
    if (!file.empty()) add_file(file);
    for (const std::string& pattern : included) add_pattern(pattern);
    for (const AppConfig& app : config.apps) {
        places_.push_back({app.directory, Depth::WithFolders});
        for (const std::string& folder : app.python_path)
            places_.push_back({folder, Depth::WithFolders});
        if (!app.paste.empty()) add_file(config::paste_name(app).file);
        if (app.logconfig.starts_with('/')) add_file(app.logconfig);
    }
    for (const std::string& pattern : config.dev.watch) add_pattern(pattern);
}

void SourceRules::add_file(const fs::path& file) {
    files_.push_back(file);
    places_.push_back({file.parent_path(), Depth::Alone});
}

void SourceRules::add_pattern(const std::string& pattern) {
    patterns_.emplace_back(pattern);
    if (const std::string flat = without_depth(pattern); flat != pattern)
        patterns_.emplace_back(flat);
    const std::size_t folder_ends = pattern.rfind('/', pattern.find_first_of("*?"));
    const bool is_deep = pattern.find('/', folder_ends + 1) != std::string::npos ||
                         pattern.find("**") != std::string::npos;
    places_.push_back({pattern.substr(0, std::max<std::size_t>(folder_ends, 1)),
                       is_deep ? Depth::WithFolders : Depth::Alone});
}

bool SourceRules::counts(const fs::path& file) const {
    if (std::ranges::find(files_, file) != files_.end()) return true;
    const std::string& path = file.native();
    if (std::ranges::any_of(patterns_, [&](const Glob& each) { return each.matches(path); }))
        return true;
    const std::string name = file.filename();
    if (is_of_an_editor(name)) return false;
    return name.ends_with(".py") || path.find("/templates/") != std::string::npos;
}

bool is_looked_into(const fs::path& folder) {
    std::error_code error;
    if (fs::symlink_status(folder, error).type() != fs::file_type::directory) return false;
    const std::string name = folder.filename();
    return !name.starts_with('.') && name != "node_modules" && name != "__pycache__" &&
           !fs::exists(folder / "pyvenv.cfg", error);
}

void for_each_folder(const SourcePlace& place, const std::function<void(const fs::path&)>& visit) {
    std::vector<fs::path> left = {place.folder};
    while (!left.empty()) {
        const fs::path folder = std::move(left.back());
        left.pop_back();
        visit(folder);
        if (place.depth == Depth::Alone) continue;
        std::error_code error;
        for (auto entry = fs::directory_iterator(folder, error);
             !error && entry != fs::directory_iterator(); entry.increment(error))
            if (is_looked_into(entry->path())) left.push_back(entry->path());
    }
}

void for_each_file(const fs::path& folder, const std::function<void(const fs::path&)>& visit) {
    std::error_code error;
    std::error_code ignored;
    for (auto entry = fs::directory_iterator(folder, error);
         !error && entry != fs::directory_iterator(); entry.increment(error))
        if (!entry->is_directory(ignored)) visit(entry->path());
}

}  // namespace bundle
