// Extended regular expressions of POSIX (regex(7)), with glibc's \w and \s. std::regex calls itself
// for each character that it reads: a long line is enough to end us.
#pragma once
#include <regex.h>

#include <string>
#include <vector>

namespace bundle {

class Pattern {
  public:
    enum class Reads {
        Text,
        Lines,  // ^ and $ are those of any line, and neither . nor [^a] is a newline
    };
    Pattern(const char* text, Reads reads);
    Pattern(const Pattern&) = delete;
    Pattern& operator=(const Pattern&) = delete;
    ~Pattern() { regfree(&compiled_); }

    // Of the first place where it is found: all of it, then its groups, where one that has no part
    // in it is empty. Nothing when it is nowhere.
    [[nodiscard]] std::vector<std::string> find(const std::string& text) const;

  private:
    regex_t compiled_{};
};

}  // namespace bundle
