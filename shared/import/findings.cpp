#include "shared/import/findings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace bundle::imported {

namespace {

struct Title {
    Fate fate;
    std::string_view text;
};

constexpr std::array kTitles = std::to_array<Title>({
    {Fate::Translated,    "translated"                                             },
    {Fate::NotNeeded,     "not needed"                                             },
    {Fate::Differs,       "translated, with a difference"                          },
    {Fate::Contradicted,  "contradictory"                                          },
    {Fate::NotTranslated, "not translated: look at these"                          },
    {Fate::Closed,        "was protected, is closed until you decide"              },
    {Fate::Opened,        "WAS REFUSED, IS OPEN NOW: see to these before you serve"},
});

// What stands in a file that is not ours goes to a terminal.
std::string shown(std::string_view words) {
    constexpr std::size_t kLongest = 60;
    std::string text(words.substr(0, kLongest));
    if (words.size() > kLongest) text += "...";
    for (char& c : text)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
    return text;
}

std::string key_of(const Said& said) { return said.place.text() + " " + said.words; }

}  // namespace

bool Findings::tell_of(const Said& said) const { return told_.contains(key_of(said)); }

std::string Place::text() const { return line == 0 ? file : fmt::format("{}:{}", file, line); }

void Findings::add(Fate fate, const Said& said, std::string word) {
    const bool is_new =
        known_.insert(fmt::format("{} {} {}", static_cast<int>(fate), key_of(said), word)).second;
    told_.insert(key_of(said));
    if (is_new) all_.push_back({fate, said, std::move(word)});
}

std::string Findings::text() const {
    std::size_t places = 0, words = 0;
    for (const Finding& finding : all_) {
        places = std::max(places, finding.said.place.text().size());
        words = std::max(words, shown(finding.said.words).size());
    }
    std::string text;
    for (const Title& title : kTitles) {
        const auto of_it = [&](const Finding& finding) { return finding.fate == title.fate; };
        if (std::ranges::none_of(all_, of_it)) continue;
        text += fmt::format("{}:\n", title.text);
        for (const Finding& finding : all_)
            if (of_it(finding))
                text += fmt::format("  {:<{}}  {:<{}}  {}\n", finding.said.place.text(), places,
                                    shown(finding.said.words), words, finding.word);
    }
    return text;
}

}  // namespace bundle::imported
