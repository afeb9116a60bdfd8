#include "shared/import/nginx/includes.hpp"

#include <fmt/format.h>
#include <glob.h>

#include <algorithm>
#include <array>
#include <filesystem>

#include "shared/base/file_text.hpp"
#include "shared/import/nginx/syntax.hpp"

namespace bundle::imported {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLargestFile = 1 << 20;
constexpr std::size_t kMostFiles = 500;

// Files that say what bundle does by itself.
constexpr std::array<std::string_view, 5> kBuiltIn = {
    "mime.types", "fastcgi_params", "fastcgi.conf", "uwsgi_params", "scgi_params"};

std::vector<std::string> matching_on_disk(const std::string& pattern) {
    glob_t found{};
    std::vector<std::string> paths;
    if (glob(pattern.c_str(), 0, nullptr, &found) == 0)
        paths.assign(found.gl_pathv, found.gl_pathv + found.gl_pathc);
    globfree(&found);
    return paths;
}

class Reader {
  public:
    Reader(const std::string& path, const Files& files, Findings& findings)
        : folder_(fs::path(path).parent_path()), files_(files), findings_(findings) {}

    Result<Directives> read(const std::string& path) {
        if (std::ranges::find(open_, path) != open_.end())
            return failure(fmt::format("{}: it includes itself", path));
        if (++count_ > kMostFiles)
            return failure(fmt::format("{}: more than {} files are included", path, kMostFiles));
        TRY_ASSIGN(const std::string text, files_.read(path));
        TRY_ASSIGN(Directives directives, parse_nginx(text, path));
        open_.push_back(path);
        TRY_ASSIGN(directives, with_includes(std::move(directives)));
        open_.pop_back();
        return directives;
    }

  private:
    Result<Directives> with_includes(Directives directives) {
        Directives expanded;
        for (Directive& directive : directives) {
            if (directive.name == "include" && !directive.has_block) {
                TRY(include(directive, expanded));
                continue;
            }
            if (directive.has_block) {
                TRY_ASSIGN(directive.block, with_includes(std::move(directive.block)));
            }
            expanded.push_back(std::move(directive));
        }
        return expanded;
    }

    Result<void> include(const Directive& directive, Directives& into) {
        const std::string named = directive.argument(0);
        if (std::ranges::find(kBuiltIn, fs::path(named).filename().string()) != kBuiltIn.end()) {
            findings_.add(Fate::NotNeeded, directive.said(), "bundle knows what stands in there");
            return {};
        }
        const auto paths = found(named);
        const bool is_pattern = named.find_first_of("*?[") != std::string::npos;
        if (paths.empty() && !is_pattern)
            findings_.add(
                Fate::NotTranslated, directive.said(),
                "there is no such file; import where it is, or copy it beside the others");
        for (const std::string& path : paths) {
            TRY_ASSIGN(Directives more, read(path));
            std::ranges::move(more, std::back_inserter(into));
        }
        return {};
    }

    [[nodiscard]] std::vector<std::string> found(const std::string& named) const {
        if (named.empty()) return {};
        if (named.front() == '/') return files_.matching(named);
        auto paths = files_.matching((folder_ / named).string());
        // sites-available/shop says "snippets/tls.conf" of the folder above.
        if (paths.empty())
            paths = files_.matching((folder_ / ".." / named).lexically_normal().string());
        return paths;
    }

    fs::path folder_;
    const Files& files_;
    Findings& findings_;
    std::vector<std::string> open_;
    std::size_t count_ = 0;
};

}  // namespace

Files files_of_disk() {
    return {[](const std::string& path) { return read_text_file(path, kLargestFile); },
            matching_on_disk};
}

Result<Directives> read_nginx(const std::string& path, const Files& files, Findings& findings) {
    return Reader(path, files, findings).read(path);
}

}  // namespace bundle::imported
