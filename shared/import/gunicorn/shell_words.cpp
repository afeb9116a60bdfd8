#include "shared/import/gunicorn/shell_words.hpp"

#include <fmt/format.h>

namespace bundle::imported {

Result<std::vector<std::string>> shell_words(std::string_view text) {
    std::vector<std::string> words;
    std::string word;
    bool has_word = false;  // '' is one, too
    char quote = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        const bool is_space = c == ' ' || c == '\t' || c == '\n' || c == '\r';
        if (quote == 0 && is_space) {
            if (has_word) words.push_back(word);
            word.clear();
            has_word = false;
            continue;
        }
        has_word = true;
        if (c == '\\' && quote != '\'' && i + 1 < text.size()) {
            // A line that goes on in the next one is one line.
            if (text[++i] != '\n') word += text[i];
            has_word = !word.empty();
        } else if (c == quote) {
            quote = 0;
        } else if (quote == 0 && (c == '\'' || c == '"')) {
            quote = c;
        } else {
            word += c;
        }
    }
    if (quote != 0) return failure(fmt::format("the quote {} has no end", quote));
    if (has_word) words.push_back(word);
    return words;
}

}  // namespace bundle::imported
