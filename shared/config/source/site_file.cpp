#include "shared/config/source/site_file.hpp"

#include <fmt/format.h>
#include <glob.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "shared/base/file_text.hpp"
#include "shared/config/source/toml_text.hpp"
#include "shared/config/source/variables.hpp"

namespace bundle::config {

namespace {

using Environment = std::map<std::string, std::string>;

std::string full_name(const std::string& table, const std::string& key) {
    return table.empty() ? key : table + "." + key;
}

bool is_list_of_tables(const Node& node) {
    const List* list = node.list();
    return list && !list->empty() && list->front().table();
}

void merge(Table& into, Table from, const std::string& name, Problems& problems) {
    for (Member& member : from) {
        Node* known = find(into, member.key);
        if (!known) {
            into.push_back(std::move(member));
        } else if (known->table() && member.node.table()) {
            merge(*known->table(), std::move(*member.node.table()), full_name(name, member.key),
                  problems);
        } else if (is_list_of_tables(*known) && is_list_of_tables(member.node)) {
            for (Node& item : *member.node.list()) known->list()->push_back(std::move(item));
        } else {
            problems.add(member.origin,
                         fmt::format("{} is set twice; the other place is {}",
                                     full_name(name, member.key), known->origin.place()));
        }
    }
}

// The files that a pattern names, sorted. A pattern may match none; a plain name may not.
std::vector<std::string> matches(const std::string& pattern) {
    glob_t found{};
    std::vector<std::string> paths;
    if (::glob(pattern.c_str(), GLOB_NOMAGIC, nullptr, &found) == 0)
        paths.assign(found.gl_pathv, found.gl_pathv + found.gl_pathc);
    ::globfree(&found);
    return paths;
}

class SiteFileReader {
  public:
    SiteFileReader(const Environment& environment, Problems& problems)
        : environment_(environment), problems_(problems) {}

    std::optional<Node> read(const SiteFile& file) {
        auto root = read_alone(file);
        if (!root) return std::nullopt;
        if (const auto include = take_include(*root->table())) include_all(*root, *include);
        if (unreadable_) return std::nullopt;
        return root;
    }

    std::vector<std::string> patterns(const SiteFile& file) {
        const auto root = read_alone(file);
        const Node* include = root ? find(*root->table(), "include") : nullptr;
        std::vector<std::string> found;
        if (!include || !include->list()) return found;
        for (const Node& pattern : *include->list())
            if (pattern.text()) found.push_back(pattern_of(pattern));
        return found;
    }

  private:
    std::optional<Node> read_alone(const SiteFile& file) {
        const Origin origin{
            std::make_shared<const Source>(Source{Source::Kind::File, file.path, file.folder, 0})};
        const auto text = file.text ? Result<std::string>(*file.text) : read_text_file(file.path);
        if (text) return parse(*text, origin.source);
        problems_.add(origin, text.error().message);
        return std::nullopt;
    }

    std::optional<Node> parse(std::string_view text, std::shared_ptr<const Source> source) {
        auto root = parse_toml(text, std::move(source));
        if (!root) {
            problems_.add(root.error().where, root.error().text);
            return std::nullopt;
        }
        expand_variables(*root, environment_, problems_);
        return std::move(*root);
    }

    static std::optional<Node> take_include(Table& root) {
        const Node* include = find(root, "include");
        if (!include) return std::nullopt;
        std::optional<Node> taken = *include;
        std::erase_if(root, [](const Member& member) { return member.key == "include"; });
        return taken;
    }

    // Messages show an included file as the main file was shown, relative or not.
    static std::string pattern_of(const Node& pattern) {
        const auto folder = std::filesystem::path(pattern.origin.source->name).parent_path();
        return folder / pattern.text()->value;
    }

    void include_all(Node& root, const Node& patterns) {
        if (has_broken_part(patterns)) return;
        const List* list = patterns.list();
        const auto is_text = [](const Node& node) { return node.text() != nullptr; };
        if (!list || !std::ranges::all_of(*list, is_text)) {
            problems_.add(
                patterns.origin,
                fmt::format("include is {}; it must be a list of files such as [\"conf.d/*.toml\"]",
                            shown(patterns)));
            return;
        }
        for (const Node& pattern : *list)
            for (const std::string& path : matches(pattern_of(pattern)))
                include_file(root, pattern.origin, path);
    }

    void include_file(Node& root, const Origin& where, const std::string& path) {
        const auto text = read_text_file(path);
        if (!text) {
            problems_.add(where, "include: " + text.error().message);
            unreadable_ = true;
            return;
        }
        const auto folder = std::filesystem::absolute(path).parent_path();
        auto included = parse(*text, std::make_shared<const Source>(Source{
                                         Source::Kind::File, path, folder.string(), ++included_}));
        if (!included) {
            unreadable_ = true;
            return;
        }
        if (const auto nested = take_include(*included->table()))
            problems_.add(nested->origin, "include works in the main file only");
        merge(*root.table(), std::move(*included->table()), "", problems_);
    }

    const Environment& environment_;
    Problems& problems_;
    std::uint32_t included_ = 0;
    bool unreadable_ = false;  // a file that is missing would only cause problems that are none
};

}  // namespace

std::optional<Node> read_site_file(const SiteFile& file, const Environment& environment,
                                   Problems& problems) {
    return SiteFileReader(environment, problems).read(file);
}

std::vector<std::string> included_by(const SiteFile& file, const Environment& environment) {
    namespace fs = std::filesystem;
    Problems ignored;
    std::vector<std::string> included;
    for (const std::string& pattern : SiteFileReader(environment, ignored).patterns(file)) {
        std::error_code error;
        included.push_back(fs::weakly_canonical(pattern, error));
        for (const std::string& path : matches(pattern))
            if (fs::is_symlink(path, error)) included.push_back(fs::canonical(path, error));
    }
    std::erase(included, "");
    return included;
}

}  // namespace bundle::config
