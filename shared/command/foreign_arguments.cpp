#include "shared/command/foreign_arguments.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>
#include <optional>
#include <string_view>
#include <utility>

#include "shared/base/log.hpp"
#include "shared/config/option/foreign_names.hpp"
#include "shared/config/option/nearest.hpp"
#include "shared/import/gunicorn/translation.hpp"

namespace bundle {

namespace {

using imported::DraftLine;
using imported::DraftTable;

// "--workers=4", "--workers 4", "-w4", "-w 4".
struct Typed {
    std::string option;
    std::optional<std::string> value;
};

bool takes_value(std::string_view option) {
    if (option == "--host" || option == "--port") return true;
    const imported::GunicornSetting* setting = imported::find_option(option);
    return setting && setting->takes != imported::Takes::Nothing;
}

bool is_number(std::string_view text) {
    return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// Options that the verb does not know, with the word behind where they take one.
std::vector<Typed> unknown_options(const std::vector<std::string>& unknown,
                                   const std::vector<std::string>& words) {
    std::vector<Typed> found;
    for (std::size_t at = 2; at < words.size(); ++at) {
        const std::string& word = words[at];
        const bool is_ours = std::ranges::find(unknown, word) == unknown.end();
        if (is_ours || word.size() < 2 || word.front() != '-') continue;
        const bool is_long = word.starts_with("--");
        const std::size_t end = is_long ? std::min(word.find('='), word.size()) : 2;
        Typed typed{word.substr(0, end), {}};
        if (end < word.size()) {
            typed.value = word.substr(is_long ? end + 1 : end);
        } else if (takes_value(typed.option) && at + 1 < words.size() &&
                   !words[at + 1].starts_with('-')) {
            typed.value = words[++at];
        }
        found.push_back(std::move(typed));
    }
    return found;
}

std::string for_shell(const std::string& word) {
    const auto needs_quotes = [](char c) {
        return !(std::isalnum(static_cast<unsigned char>(c)) != 0 ||
                 std::string_view("_./:=@%+,-").find(c) != std::string_view::npos);
    };
    if (std::ranges::none_of(word, needs_quotes)) return word;
    std::string quoted;
    for (const char c : word) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return "'" + quoted + "'";
}

// --set reads as text what does not begin as TOML's texts, lists and tables do.
std::string plain(const std::string& toml) {
    if (toml.size() < 3 || toml.front() != '"' || toml.find('\\') != std::string::npos) return toml;
    const std::string text = toml.substr(1, toml.size() - 2);
    return std::string_view("\"'[{").find(text.front()) == std::string_view::npos ? text : toml;
}

// "[[listen]]" as "listen.0": all that is typed is of one listener, one certificate.
std::string path_of(std::string_view header) {
    const bool is_list = header.starts_with("[[");
    const std::size_t brackets = is_list ? 2 : 1;
    const auto name = header.substr(brackets, header.size() - 2 * brackets);
    return fmt::format("{}{}", name, is_list ? ".0" : "");
}

class Settings {
  public:
    void add(const DraftTable& table) {
        for (const DraftLine& line : table.lines) {
            const std::string option = path_of(table.header) + '.' + line.key;
            if (option == "app.main.wsgi") continue;
            if (!line.items.empty())
                add(option, fmt::format("[{}]", fmt::join(line.items, ", ")));
            else if (line.members.empty())
                add(option, plain(line.value));
            for (const auto& [name, value] : line.members) add(option + '.' + name, plain(value));
        }
    }
    [[nodiscard]] const std::string& text() const { return text_; }

  private:
    void add(const std::string& option, const std::string& value) {
        text_ += fmt::format(" --set {}", for_shell(option + '=' + value));
    }
    std::string text_;
};

std::string in_words(const imported::Import& imported) {
    Settings settings;
    const imported::Draft& draft = imported.draft;
    for (const DraftTable* table :
         {&draft.server, &draft.http, &draft.http2, &draft.tls, &draft.trust, &draft.app,
          &draft.log, &draft.access_log, &draft.statsd})
        settings.add(*table);
    for (const auto* tables : {&draft.listen, &draft.certificates})
        for (const DraftTable& table : *tables) settings.add(table);
    if (!settings.text().empty()) return "here it is" + settings.text();
    const auto& all = imported.findings.all();
    const auto why = std::ranges::find_if(all, [](const imported::Finding& finding) {
        return finding.fate != imported::Fate::Translated;
    });
    return why == all.end() ? "" : why->word;
}

// By its name in a file, such as uWSGI's "--processes"; empty: nobody calls anything so.
std::string as_written(std::string_view option) {
    option.remove_prefix(std::min(option.find_first_not_of('-'), option.size()));
    const auto ours = config::our_name_for(option);
    return ours ? fmt::format("here it is {} of {}", ours->option, ours->table) : "";
}

// As `bundle import` translates what is gunicorn's.
std::string as_imported(const Typed& typed) {
    const imported::GunicornSetting* setting = imported::find_option(typed.option);
    if (!setting) return as_written(typed.option);
    const imported::Place place{"gunicorn", 0};
    imported::GunicornCommand command;
    command.application = "shop:app";
    command.said = {place, "gunicorn"};
    command.settings.set({
        std::string(setting->name), {typed.value.value_or("True")},
         {place, typed.option}
    });
    imported::Import imported;
    if (!import_gunicorn(command, command.settings, imported::Front::None, imported)) return "";
    return in_words(imported);
}

class Explanation {
  public:
    Explanation(const CLI::App& verb, std::vector<Typed> typed)
        : verb_(verb), typed_(std::move(typed)) {}

    std::vector<std::string> sentences() {
        for (const Typed& typed : typed_) {
            const std::string ours = verb_.get_option_no_throw("--set") ? in_our_words(typed) : "";
            if (ours != kTold) tell(typed, ours);
        }
        return std::move(sentences_);
    }

  private:
    static constexpr std::string_view kTold = "-";

    void tell(const Typed& typed, const std::string& ours) {
        sentences_.push_back(
            ours.empty() ? fmt::format("{} is unknown{}", shown(typed.option), meant(typed.option))
                         : fmt::format("{}: {}", typed.option, ours));
    }

    [[nodiscard]] std::string in_our_words(const Typed& typed) {
        const std::string value = typed.value.value_or("");
        const bool is_dev = typed.option == "--reload" || typed.option == "--debug";
        if (is_dev && verb_.get_option_no_throw("--dev")) return "here it is --dev";
        if (typed.option == "-c" || typed.option == "--config")
            return value.ends_with(".py")
                       ? fmt::format("bundle import --gunicorn {} makes a site.toml of it",
                                     for_shell(value))
                       : "here it is --conf " + (value.empty() ? "FILE" : for_shell(value));
        const bool is_port = typed.option == "--port" || (typed.option == "-p" && is_number(value));
        if (is_port || typed.option == "--host") {
            if (std::exchange(told_address_, true)) return std::string(kTold);
            return fmt::format("here it is --set listen.0.address={}:{}",
                               value_of("--host", "127.0.0.1"),
                               value_of(typed.option == "-p" ? "-p" : "--port", "8000"));
        }
        return takes_value(typed.option) && value.empty() ? without_value(typed)
                                                          : as_imported(typed);
    }

    // What it would be with some value that all of them take.
    static std::string without_value(const Typed& typed) {
        std::string with = as_imported({typed.option, "1"});
        const std::size_t end = with.find('=');
        return end == std::string::npos ? with : with.substr(0, end + 1) + "...";
    }

    [[nodiscard]] std::string value_of(std::string_view option, std::string otherwise) const {
        const auto found = std::ranges::find(typed_, option, &Typed::option);
        return found == typed_.end() || !found->value ? otherwise : for_shell(*found->value);
    }

    [[nodiscard]] std::string meant(const std::string& option) const {
        std::vector<std::string> names;
        for (const CLI::Option* known : verb_.get_options())
            if (!known->get_group().empty() && !known->get_lnames().empty())
                names.push_back("--" + known->get_lnames().front());
        const auto near = config::nearest(option, {names.begin(), names.end()});
        return near ? fmt::format("; did you mean {}?", *near) : "";
    }

    // Whatever is typed is shown to a terminal.
    static std::string shown(const std::string& option) {
        const std::string quoted = log_quoted(option);
        return quoted == '"' + option + '"' ? option : quoted;
    }

    const CLI::App& verb_;
    std::vector<Typed> typed_;
    std::vector<std::string> sentences_;
    bool told_address_ = false;
};

}  // namespace

std::vector<std::string> about_unknown_words(const CLI::App& verb,
                                             const std::vector<std::string>& words) {
    const std::vector<std::string> unknown = verb.remaining();
    std::vector<std::string> sentences =
        Explanation(verb, unknown_options(unknown, words)).sentences();
    if (sentences.empty() && !unknown.empty())
        sentences.push_back(log_quoted(unknown.front()) + " is one word too many");
    return sentences;
}

}  // namespace bundle
