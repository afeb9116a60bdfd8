// What `bundle import` says about each thing that it read: what it has become, or why it has not.
#pragma once
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

namespace bundle::imported {

// "nginx.conf:12"; of a command line, or of JSON, there is no line.
struct Place {
    std::string file;
    std::size_t line = 0;
    [[nodiscard]] std::string text() const;
    bool operator==(const Place&) const = default;
};

// "client_max_body_size 4G", and where that stands.
struct Said {
    Place place;
    std::string words;
};

enum class Fate : std::uint8_t {
    Translated,
    NotNeeded,      // bundle does so by itself, or has no such thing to set
    Differs,        // translated, but not the same
    Contradicted,   // something else was said, and taken
    NotTranslated,  // somebody has to look at it
    Closed,         // was for some clients, by means that bundle lacks; now for nobody
    Opened,         // was refused; now it is not
};

struct Finding {
    Fate fate;
    Said said;
    std::string word;  // the option that it has become; else why, and what to do
};

class Findings {
  public:
    // Once, however often the same is found: what stands in http { } is met for each server.
    void add(Fate fate, const Said& said, std::string word);
    [[nodiscard]] const std::vector<Finding>& all() const { return all_; }
    // Whether anything was said of it. What is left over when all is taken has to be told, too.
    [[nodiscard]] bool tell_of(const Said& said) const;
    // For people: a table of each fate, what has to be looked at last.
    [[nodiscard]] std::string text() const;

  private:
    std::vector<Finding> all_;
    std::set<std::string> known_;
    std::set<std::string> told_;  // places and words
};

}  // namespace bundle::imported
