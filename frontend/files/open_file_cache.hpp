// The files that were asked for lately, open and ready. One for each event loop, so that nothing in
// it is locked.
//
// What it holds is trusted for a second; then one fstatat(2) says whether the file is still the
// same, and it stays for another. A file that was replaced keeps its old state for answers that
// have begun. What is not there is not remembered: a failed openat2(2) costs about a
// microsecond, and a file that an application has just written is served at once.
//
// Only files that exist take room, and the least recently used ones give way, so a client can
// neither fill it with names nor learn anything from it.
#pragma once
#include <array>
#include <chrono>
#include <cstdint>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "frontend/files/file_root.hpp"
#include "frontend/files/open_file.hpp"
#include "shared/base/bytes.hpp"

namespace bundle {

class OpenFileCache {
  public:
    using TimePoint = std::chrono::steady_clock::time_point;

    struct Limits {
        std::size_t files = 4096;
        std::size_t descriptors = 256;  // of files too large for memory
        Bytes contents = 32_MiB;        // of all files in memory
    };
    static constexpr std::chrono::seconds kTrusted{1};

    struct Finding {
        FoundFile::Kind kind = FoundFile::Kind::Nothing;
        std::shared_ptr<const OpenFile> file;       // of a File
        std::unique_ptr<FoundFile> directory = {};  // of a Listing
    };

    OpenFileCache() : OpenFileCache(Limits{}) {}
    explicit OpenFileCache(const Limits& limits) : limits_(limits) {}

    // `path` as for FileRoot::find.
    Finding find(const FileRoot& root, std::string_view path, TimePoint now);

    // As it is at this moment: for what an application has perhaps just written.
    Finding find_as_it_is(const FileRoot& root, std::string_view path, TimePoint now);

    // The file that was found last by that path, in a coding: the first of its twins, which stand
    // beside it under its name and an ending and are not older; without one, and where that may be
    // (`own`), what we have made of it ourselves. Else nullptr.
    enum class Own : std::uint8_t { Allowed, Excluded };
    std::shared_ptr<const OpenFile> in_coding(const FileRoot& root, std::string_view path,
                                              const AcceptedCodings& codings, Own own);

    [[nodiscard]] std::size_t files() const { return entries_.size(); }

  private:
    // Of a file in a coding: what was found when somebody asked for it.
    struct Form {
        bool is_known = false;
        std::shared_ptr<const OpenFile> twin;
        std::shared_ptr<const OpenFile> own;  // good as long as the file is
    };
    struct Entry {
        std::uint64_t root = 0;
        std::string path;
        std::shared_ptr<const OpenFile> file;
        TimePoint trusted_until;
        std::array<Form, kCodings> forms = {};
    };
    using Entries = std::list<Entry>;

    struct Key {
        std::uint64_t root = 0;
        std::string_view path;  // the entry's own
        friend bool operator==(const Key&, const Key&) = default;
    };
    struct KeyHash {
        std::size_t operator()(const Key& key) const noexcept {
            return std::hash<std::string_view>{}(key.path) ^ (key.root * 0x9e3779b97f4a7c15U);
        }
    };

    static bool is_still_true(const Entry& entry, const FileRoot& root);
    void look_for_twin(const FileRoot& root, const OpenFile& file, Coding coding, Form& form);
    std::shared_ptr<const OpenFile> twin_of(const FileRoot& root, Entry& entry, Coding coding);
    std::shared_ptr<const OpenFile> own_of(const FileRules& rules, Entry& entry,
                                           const AcceptedCodings& codings);
    void check_twins(const FileRoot& root, Entry& entry);
    void count(const OpenFile& file);
    void count_out(const OpenFile& file);
    void make_room();
    Finding open(const FileRoot& root, std::string_view path, TimePoint now);
    void remember(Entry entry);
    void forget(Entries::iterator entry);

    Limits limits_;
    Entries entries_;  // the most recently used first
    std::unordered_map<Key, Entries::iterator, KeyHash> by_key_;
    std::size_t descriptors_ = 0;
    std::uint64_t contents_ = 0;
};

}  // namespace bundle
