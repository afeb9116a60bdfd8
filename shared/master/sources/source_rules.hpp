// Which files make a running application another one when they change, and where they stand.
#pragma once
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/config/config.hpp"
#include "shared/routing/glob.hpp"

namespace bundle {

// Whether the folders below a folder are meant, too, as far as they are looked into.
enum class Depth { Alone, WithFolders };

struct SourcePlace {
    std::string folder;
    Depth depth = Depth::Alone;
    bool operator==(const SourcePlace&) const = default;
};

class SourceRules {
  public:
    SourceRules() = default;
    // `file` is that of the configuration; empty: there is none. `included` are patterns.
    SourceRules(const Config& config, const std::filesystem::path& file,
                const std::vector<std::string>& included = {});

    [[nodiscard]] const std::vector<SourcePlace>& places() const { return places_; }
    // Python files; what stands in a folder called templates; the configuration, what it
    // includes, and the files of `paste` and `logconfig`; what dev.watch says. Not what editors
    // leave beside them.
    [[nodiscard]] bool counts(const std::filesystem::path& file) const;

  private:
    void add_file(const std::filesystem::path& file);
    void add_pattern(const std::string& pattern);

    std::vector<std::filesystem::path> files_;
    std::vector<SourcePlace> places_;
    std::vector<Glob> patterns_;
};

// Not those of versions (.git), packages (virtual environments, node_modules) and bytecode, and no
// links, which may lead in a circle.
bool is_looked_into(const std::filesystem::path& folder);

// `place` itself, and all folders that it means; what cannot be read is left out.
void for_each_folder(const SourcePlace& place,
                     const std::function<void(const std::filesystem::path&)>& visit);
// What stands in it, folders left out.
void for_each_file(const std::filesystem::path& folder,
                   const std::function<void(const std::filesystem::path&)>& visit);

}  // namespace bundle
