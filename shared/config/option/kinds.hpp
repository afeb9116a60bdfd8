// The kinds of value an option can have: each reads, checks and prints its values and can describe
// itself.
//
// read() gives the value or the end of a sentence that begins with the option and what was found:
// `it must be between 1 and 512`. print() gives TOML that read() takes back.
#pragma once
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "shared/base/bytes.hpp"
#include "shared/base/result.hpp"
#include "shared/config/config.hpp"
#include "shared/config/source/node.hpp"

namespace bundle::config {

template <typename Value>
struct Range {
    Value least;
    Value most;
};

// What a person reads in reference.md and an editor in schema.json.
struct KindDescription {
    std::string type{};      // "duration", "size", "whole number"
    std::string range{};     // "1 to 512"; empty: none
    std::string fallback{};  // the default as TOML, or in words when it is found out at start
    std::string schema{};    // the inside of a JSON object
    bool required = false;   // there is no default
    bool is_table = false;   // of names that the user chooses, such as app.NAME.env
    bool fallback_is_toml = true;
};

class Duration {
  public:
    using Value = std::chrono::milliseconds;
    constexpr Duration(Value fallback, Range<Value> range) : fallback_(fallback), range_(range) {}
    [[nodiscard]] Value fallback() const { return fallback_; }
    [[nodiscard]] Result<Value> read(const Node& node) const;
    [[nodiscard]] std::string print(Value value) const;
    [[nodiscard]] KindDescription describe() const;

  private:
    Value fallback_;
    Range<Value> range_;
};

// A duration above nothing, or a word in its place, which is no time: "off", or "" for an option
// that is left out.
class DurationOr {
  public:
    using Value = std::chrono::milliseconds;
    static constexpr Value kNone{0};
    // `left_out` is what that means, in words, where the default is no time.
    struct Rules {
        std::string_view word = "off";
        Value fallback = kNone;
        std::string_view left_out = "";
    };
    constexpr DurationOr(Rules rules, Range<Value> range) : rules_(rules), range_(range) {}
    [[nodiscard]] Value fallback() const { return rules_.fallback; }
    [[nodiscard]] Result<Value> read(const Node& node) const;
    [[nodiscard]] std::string print(Value value) const;
    [[nodiscard]] KindDescription describe() const;

  private:
    Rules rules_;
    Range<Value> range_;
};

// "unlimited" is a value when the range goes that far.
class Size {
  public:
    using Value = Bytes;
    constexpr Size(Value fallback, Range<Value> range) : fallback_(fallback), range_(range) {}
    [[nodiscard]] Value fallback() const { return fallback_; }
    [[nodiscard]] Result<Value> read(const Node& node) const;
    [[nodiscard]] std::string print(Value value) const;
    [[nodiscard]] KindDescription describe() const;

  private:
    Value fallback_;
    Range<Value> range_;
};

class Count {
  public:
    using Value = std::uint32_t;
    constexpr Count(Value fallback, Range<Value> range) : fallback_(fallback), range_(range) {}
    [[nodiscard]] Value fallback() const { return fallback_; }
    [[nodiscard]] Result<Value> read(const Node& node) const;
    [[nodiscard]] std::string print(Value value) const;
    [[nodiscard]] KindDescription describe() const;

  private:
    Value fallback_;
    Range<Value> range_;
};

// A size above nothing, or "off", which is no bytes.
class SizeOrOff {
  public:
    using Value = Bytes;
    static constexpr Value kOff{0};
    constexpr SizeOrOff(Value fallback, Range<Value> range) : fallback_(fallback), range_(range) {}
    [[nodiscard]] Value fallback() const { return fallback_; }
    [[nodiscard]] Result<Value> read(const Node& node) const;
    [[nodiscard]] std::string print(Value value) const;
    [[nodiscard]] KindDescription describe() const;

  private:
    Value fallback_;
    Range<Value> range_;
};

// A number, or a word that stands for one which is no such number; the word is the default.
class CountOr {
  public:
    using Value = std::uint32_t;
    constexpr CountOr(std::string_view word, Value meaning, Range<Value> range)
        : word_(word), meaning_(meaning), range_(range) {}
    [[nodiscard]] Value fallback() const { return meaning_; }
    [[nodiscard]] Result<Value> read(const Node& node) const;
    [[nodiscard]] std::string print(Value value) const;
    [[nodiscard]] KindDescription describe() const;

  private:
    std::string_view word_;
    Value meaning_;
    Range<Value> range_;
};

class CountOrUnlimited : public CountOr {
  public:
    static constexpr Value kUnlimited = UINT32_MAX;
    constexpr explicit CountOrUnlimited(Range<Value> range)
        : CountOr("unlimited", kUnlimited, range) {}
};

// A number, or "auto", which is 0 until the loader knows how many cores there are.
class AutoCount {
  public:
    using Value = std::uint32_t;
    static constexpr Value kAuto = 0;
    constexpr AutoCount(std::string_view meaning, Range<Value> range)
        : meaning_(meaning), range_(range) {}
    [[nodiscard]] Value fallback() const { return kAuto; }
    [[nodiscard]] Result<Value> read(const Node& node) const;
    [[nodiscard]] std::string print(Value value) const;
    [[nodiscard]] KindDescription describe() const;

  private:
    std::string_view meaning_;  // of "auto"
    Range<Value> range_;
};

// Workers of an app: a number, { min = 2, max = 8 }, or "auto", which is 0 until the loader knows
// how many cores there are.
class WorkerCount {
  public:
    using Value = WorkerRange;
    static constexpr std::uint32_t kAuto = AutoCount::kAuto;
    constexpr explicit WorkerCount(std::string_view meaning) : number_(meaning, kRange) {}
    [[nodiscard]] Value fallback() const { return kAuto; }
    [[nodiscard]] Result<Value> read(const Node& node) const;
    [[nodiscard]] std::string print(Value value) const;
    [[nodiscard]] KindDescription describe() const;

  private:
    static constexpr Range<std::uint32_t> kRange{1, kMostWorkers};
    AutoCount number_;
};

// true or false.
class Flag {
  public:
    using Value = bool;
    constexpr explicit Flag(Value fallback) : fallback_(fallback) {}
    [[nodiscard]] Value fallback() const { return fallback_; }
    [[nodiscard]] Result<Value> read(const Node& node) const;
    [[nodiscard]] std::string print(Value value) const;
    [[nodiscard]] KindDescription describe() const;

  private:
    Value fallback_;
};

// File modes and umasks in octal digits.
class Mode {
  public:
    using Value = std::uint32_t;
    constexpr explicit Mode(Value fallback) : fallback_(fallback) {}
    [[nodiscard]] Value fallback() const { return fallback_; }
    [[nodiscard]] Result<Value> read(const Node& node) const;
    [[nodiscard]] std::string print(Value value) const;
    [[nodiscard]] KindDescription describe() const;

  private:
    Value fallback_;
};

// Gives the end of the sentence that begins with the text, or nothing when it is well formed.
using TextCheck = std::optional<std::string> (*)(std::string_view text);

struct TextRules {
    std::string_view fallback = "";
    std::string_view empty = "";  // what an empty default means, in words: "unchanged", "none"
    TextCheck check = nullptr;    // of a text that is not empty
    bool required = false;
};

// One line of text. It may be empty only where the default is.
class Line {
  public:
    using Value = std::string;
    constexpr explicit Line(TextRules rules) : rules_(rules) {}
    [[nodiscard]] Value fallback() const { return Value(rules_.fallback); }
    [[nodiscard]] Result<Value> read(const Node& node) const;
    [[nodiscard]] std::string print(const Value& value) const;
    [[nodiscard]] KindDescription describe() const;

  private:
    TextRules rules_;
};

// Text that may have several lines.
class Lines {
  public:
    using Value = std::string;
    constexpr explicit Lines(std::string_view empty) : empty_(empty) {}
    [[nodiscard]] Value fallback() const { return {}; }
    [[nodiscard]] Result<Value> read(const Node& node) const;
    [[nodiscard]] std::string print(const Value& value) const;
    [[nodiscard]] KindDescription describe() const;

  private:
    std::string_view empty_;  // what an empty default means, in words
};

struct PathRules {
    std::string_view fallback = "";
    std::string_view empty = "";                   // what an empty default means, in words
    std::span<const std::string_view> words = {};  // that are no paths: "-", "off"
};

// A path, absolute after reading: a relative one begins at the folder of the file that says it.
class Path {
  public:
    using Value = std::string;
    constexpr explicit Path(PathRules rules) : rules_(rules) {}
    [[nodiscard]] Value fallback() const { return Value(rules_.fallback); }
    [[nodiscard]] Result<Value> read(const Node& node) const;
    [[nodiscard]] std::string print(const Value& value) const;
    [[nodiscard]] KindDescription describe() const;

  private:
    PathRules rules_;
};

// Where to listen, see listen_address.hpp; the path of a unix socket is absolute after reading.
class Address {
  public:
    using Value = std::string;
    // `word`, where there is one, stands for no address.
    constexpr explicit Address(std::string_view fallback, std::string_view word = "")
        : fallback_(fallback), word_(word) {}
    [[nodiscard]] Value fallback() const { return Value(fallback_); }
    [[nodiscard]] Result<Value> read(const Node& node) const;
    [[nodiscard]] std::string print(const Value& value) const;
    [[nodiscard]] KindDescription describe() const;

  private:
    std::string_view fallback_;
    std::string_view word_;
};

// A name, or "off", which is the empty one.
class NameOrOff {
  public:
    using Value = std::string;
    constexpr explicit NameOrOff(std::string_view meaning) : meaning_(meaning) {}
    [[nodiscard]] Value fallback() const { return {}; }
    [[nodiscard]] Result<Value> read(const Node& node) const;
    [[nodiscard]] std::string print(const Value& value) const;
    [[nodiscard]] KindDescription describe() const;

  private:
    std::string_view meaning_;  // of leaving it out
};

class LineList {
  public:
    using Value = std::vector<std::string>;
    constexpr LineList(std::span<const std::string_view> fallback, TextCheck check)
        : fallback_(fallback), check_(check) {}
    [[nodiscard]] Value fallback() const { return {fallback_.begin(), fallback_.end()}; }
    [[nodiscard]] Result<Value> read(const Node& node) const;
    [[nodiscard]] std::string print(const Value& value) const;
    [[nodiscard]] KindDescription describe() const;

  private:
    std::span<const std::string_view> fallback_;
    TextCheck check_;  // of each
};

class PathList {
  public:
    using Value = std::vector<std::string>;
    [[nodiscard]] Value fallback() const { return {}; }
    [[nodiscard]] Result<Value> read(const Node& node) const;
    [[nodiscard]] std::string print(const Value& value) const;
    [[nodiscard]] KindDescription describe() const;
};

// Names and texts that the user chooses: app.NAME.env. What is written replaces the default, whole.
class TextTable {
  public:
    using Value = std::map<std::string, std::string>;
    using Entry = std::pair<std::string_view, std::string_view>;
    constexpr explicit TextTable(std::span<const Entry> fallback = {}) : fallback_(fallback) {}
    [[nodiscard]] Value fallback() const { return {fallback_.begin(), fallback_.end()}; }
    [[nodiscard]] Result<Value> read(const Node& node) const;
    [[nodiscard]] std::string print(const Value& value) const;
    [[nodiscard]] KindDescription describe() const;

  private:
    std::span<const Entry> fallback_;
};

// Paths by names that the user chooses: site.errors.
class TableOfPaths {
  public:
    using Value = std::map<std::string, std::string>;
    [[nodiscard]] Value fallback() const { return {}; }
    [[nodiscard]] Result<Value> read(const Node& node) const;
    [[nodiscard]] std::string print(const Value& value) const;
    [[nodiscard]] KindDescription describe() const;
};

// One of a few words. "true" and "false" among them are written without quotes. The
// enumeration-free half of Word below.
struct WordList {
    std::span<const std::string_view> words;

    [[nodiscard]] std::string print(std::size_t index) const;
    [[nodiscard]] Result<std::size_t> read(const Node& node) const;
    [[nodiscard]] KindDescription describe(std::size_t fallback) const;
};

// The words stand in the order of the enumerators.
template <typename Enum>
class Word {
  public:
    using Value = Enum;
    constexpr Word(Enum fallback, std::span<const std::string_view> words)
        : fallback_(fallback), words_{words} {}
    [[nodiscard]] Value fallback() const { return fallback_; }
    [[nodiscard]] Result<Value> read(const Node& node) const {
        TRY_ASSIGN(const std::size_t index, words_.read(node));
        return static_cast<Enum>(index);
    }
    [[nodiscard]] std::string print(Value value) const {
        return words_.print(static_cast<std::size_t>(value));
    }
    [[nodiscard]] KindDescription describe() const {
        return words_.describe(static_cast<std::size_t>(fallback_));
    }

  private:
    Enum fallback_;
    WordList words_;
};

// "text" as a TOML basic string, which is JSON too.
std::string basic_string(std::string_view text);
// The same with "${" kept from being read as a variable.
std::string toml_string(std::string_view text);

}  // namespace bundle::config
