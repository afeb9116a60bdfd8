// Which module of a folder has a WSGI application, by reading them: nothing is imported.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "shared/base/file_text.hpp"
#include "shared/command/init/pattern.hpp"
#include "shared/command/init/project.hpp"

namespace bundle {

namespace {

namespace fs = std::filesystem;

// What is named like that is looked at first.
constexpr std::array<std::string_view, 6> kLikely = {"wsgi", "app",    "application",
                                                     "main", "server", "run"};
constexpr std::array<std::string_view, 3> kNever = {"setup", "conftest", "manage"};

constexpr std::size_t kLongest = 1 << 20;  // a longer file is data

struct Module {
    std::string name;  // "shop.wsgi"
    fs::path file;
};

std::size_t rank(const Module& module) {
    const std::string last = module.name.substr(module.name.rfind('.') + 1);
    const auto found = std::ranges::find(kLikely, last);
    return static_cast<std::size_t>(found - kLikely.begin());
}

std::string module_name(const fs::path& file) { return file.stem().string(); }

bool is_candidate(const fs::path& file) {
    const std::string name = module_name(file);
    return file.extension() == ".py" && !name.starts_with("test") &&
           std::ranges::find(kNever, name) == kNever.end();
}

std::vector<fs::path> entries_of(const fs::path& folder) {
    std::vector<fs::path> entries;
    std::error_code error;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
         entry.increment(error))
        entries.push_back(entry->path());
    std::ranges::sort(entries);
    return entries;
}

// Those of the folder itself before those in its packages, likely names first.
std::vector<Module> modules_in(const fs::path& folder) {
    std::vector<Module> modules, in_packages;
    std::error_code error;
    for (const fs::path& entry : entries_of(folder)) {
        if (is_candidate(entry)) modules.push_back({module_name(entry), entry});
        const bool is_tests = entry.filename().string().starts_with("test");
        if (is_tests || !fs::exists(entry / "__init__.py", error)) continue;
        const std::string package = entry.filename();
        for (const fs::path& file : entries_of(entry)) {
            if (!is_candidate(file)) continue;
            const bool is_package = file.filename() == "__init__.py";
            in_packages.push_back({is_package ? package : package + "." + module_name(file), file});
        }
    }
    std::ranges::stable_sort(modules, {}, rank);
    std::ranges::stable_sort(in_packages, {}, rank);
    modules.insert(modules.end(), in_packages.begin(), in_packages.end());
    return modules;
}

// "app" or "application" as a name of the module, or a factory that can be called without
// arguments.
std::string callable_in(const std::string& text) {
    static const Pattern kName(
        R"(^((application|app)\s*(:[^=]+)?=[^=]|def (application|app)\(|)"
        R"(from [[:alnum:]_.]+ import (.*[ ,])?(application|app)\s*(,|#|$)))",
        Pattern::Reads::Lines);
    static const Pattern kFactory("(^|\n)def ((create|make)_app)\\(([^)]*)\\)",
                                  Pattern::Reads::Text);
    static const Pattern kRequired(R"((^|,)\s*\w+\s*(:[^,=]+)?(,|$))", Pattern::Reads::Text);
    if (const auto found = kName.find(text); !found.empty()) return found[2] + found[4] + found[6];
    const auto found = kFactory.find(text);
    if (found.empty()) return "";
    return kRequired.find(found[4]).empty() ? found[2] + "()" : "";
}

std::string_view kind_of(const std::string& text) {
    constexpr std::array<std::array<std::string_view, 2>, 5> kFrameworks = {
        {
         {"flask", "a Flask application"},
         {"pyramid", "a Pyramid application"},
         {"falcon", "a Falcon application"},
         {"bottle", "a Bottle application"},
         {"django", "a Django application"},
         }
    };
    for (const auto& [module, what] : kFrameworks) {
        const std::string import = fmt::format("import {}", module);
        const std::string from = fmt::format("from {}", module);
        if (text.find(import) != text.npos || text.find(from) != text.npos) return what;
    }
    return "a WSGI application";
}

bool speaks_asgi(const std::string& text) {
    constexpr std::array<std::string_view, 4> kAsgi = {"FastAPI(", "Starlette(", "Quart(",
                                                       "Litestar("};
    return std::ranges::any_of(kAsgi,
                               [&](std::string_view made) { return text.find(made) != text.npos; });
}

}  // namespace

Result<FoundApplication> find_application(const fs::path& folder) {
    std::string asgi;
    for (const Module& module : modules_in(folder)) {
        const auto text = read_text_file(module.file, kLongest);
        if (!text) continue;
        const std::string callable = callable_in(*text);
        if (callable.empty()) continue;
        if (!speaks_asgi(*text))
            return FoundApplication{std::string(kind_of(*text)), module.name + ":" + callable};
        if (asgi.empty()) asgi = module.name + ":" + callable;
    }
    if (!asgi.empty())
        return failure(fmt::format(
            "{} speaks ASGI, which bundle does not serve yet: it serves WSGI applications", asgi));
    return failure(fmt::format(
        "in {0} and {0}/src there is no manage.py, and no module with a WSGI callable \"app\" or "
        "\"application\" or a function create_app() that needs no argument; say which application "
        "it is with --wsgi MODULE:APP",
        folder.string()));
}

}  // namespace bundle
