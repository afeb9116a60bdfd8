#include "shared/import/nginx/plain_words.hpp"

#include <algorithm>

namespace bundle::imported {

const PlainWord* find_plain_word(std::string_view name) {
    const auto found = std::ranges::find_if(kPlainWords, [&](const PlainWord& word) {
        return word.name.ends_with('*')
                   ? name.starts_with(word.name.substr(0, word.name.size() - 1))
                   : name == word.name;
    });
    return found == kPlainWords.end() ? nullptr : &*found;
}

}  // namespace bundle::imported
