// The start-up report: one screen for a person, or the same facts as log lines.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "shared/config/config.hpp"

namespace bundle {

struct Fact {
    std::string label;  // empty: more about the label above
    std::string text;
    bool operator==(const Fact&) const = default;
};

// How one application will run.
struct AppFacts {
    const AppConfig& config;
    std::string python;  // "3.11"
    std::string user;    // empty: ours
};

// `config` is the resolved one: its listeners have their real addresses.
std::vector<Fact> facts_of(const std::string& conf_path, const Config& config,
                           const std::vector<AppFacts>& apps);

// Where the start-up report goes: in columns to a terminal (or to a stderr that is not the log),
// and as lines to a log that is not a terminal.
class StartReport {
  public:
    explicit StartReport(int log_fd);

    void show(const std::vector<Fact>& facts) const;
    void line(std::string_view text) const;  // "ready", "app shop: 3/5 workers"
    // What a child has to say about its failure, whole: the screen gets it as it is, the log line
    // by line.
    void failure(std::string_view text);
    // What it is about and how it ends: "app shop: wsgi = \"shpo:app\" cannot be loaded:
    // ModuleNotFoundError: No module named 'shpo'". Empty: there was none.
    [[nodiscard]] std::string last_failure() const;

  private:
    std::string failure_;  // printable
    bool screen_;
    bool log_;
};

}  // namespace bundle
