// Patterns of paths, as .gitignore writes them: "*.php", "/blog/*/feed", "/media/**/*.bak".
#pragma once
#include <bitset>
#include <cstdint>
#include <string_view>
#include <vector>

namespace bundle {

// "?" stands for a byte and "*" for any number of them, neither for "/"; "**" is for "/" too. A
// pattern that begins with "/" is for the whole path, any other one for its last segment.
class Glob {
  public:
    static constexpr std::size_t kLongest = 255;

    // Up to kLongest bytes.
    explicit Glob(std::string_view pattern);

    // Every byte of `path` is looked at once, whatever the pattern: a client cannot choose a path
    // that takes long.
    [[nodiscard]] bool matches(std::string_view path) const;

  private:
    struct Step {
        enum class Kind : std::uint8_t { Byte, AnyByte, Bytes, BytesAndSlashes };
        Kind kind = Kind::Byte;
        char byte = 0;  // of Kind::Byte
    };
    using Places = std::bitset<kLongest + 1>;  // before which steps the path read so far may stand

    void enter(Places& places, std::size_t step) const;
    [[nodiscard]] Places after(const Places& before, char c) const;

    bool of_last_segment_;
    std::vector<Step> steps_;
};

}  // namespace bundle
