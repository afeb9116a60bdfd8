// For tests of `bundle import`: files that are texts, and what is said of one directive.
#pragma once
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "shared/config/loader.hpp"
#include "shared/import/draft.hpp"
#include "shared/import/gunicorn/translation.hpp"
#include "shared/import/nginx/nginx.hpp"
#include "shared/import/sources.hpp"

namespace bundle::imported {

using Texts = std::map<std::string, std::string>;

// A pattern with "*" at its end means what begins so.
inline Files files_of(Texts texts) {
    return {[texts](const std::string& path) -> Result<std::string> {
                const auto found = texts.find(path);
                if (found == texts.end()) return failure(path + ": there is no such file");
                return found->second;
            },
            [texts](const std::string& pattern) {
                std::vector<std::string> paths;
                const bool is_open = pattern.ends_with('*');
                for (const auto& [path, text] : texts)
                    if (is_open ? path.starts_with(pattern.substr(0, pattern.size() - 1))
                                : path == pattern)
                        paths.push_back(path);
                return paths;
            }};
}

inline void use_application(Import& out) {
    const GunicornCommand command =
        *read_command_line("gunicorn shop:app", {"command line", 0}, {});
    EXPECT_TRUE(import_gunicorn(command, command.settings, Front::Imported, out));
}

inline Result<Import> try_nginx(const Texts& texts,
                                const std::string& path = "/etc/nginx/nginx.conf") {
    Import out;
    use_application(out);
    if (auto done = import_nginx(path, files_of(texts), {"127.0.0.1:8000"}, out); !done)
        return tl::unexpected(done.error());
    make_consistent(out);
    return out;
}

inline Import nginx(const std::string& text) {
    return *try_nginx({
        {"/etc/nginx/nginx.conf", text}
    });
}

// site.toml without the comments, after it was found to be whole.
inline std::string site_text_of(const Import& imported) {
    LoadRequest request;
    request.path = "site.toml";
    request.text = imported.draft.text();
    request.folder = "/";
    request.demand = Demand::WellFormed;
    const auto loaded = load_config(request);
    EXPECT_TRUE(loaded) << loaded.error().message << *request.text;
    std::string text;
    bool is_comment = false;
    for (const char c : *request.text) {
        if (c == '\n') {
            while (text.ends_with(' ')) text.pop_back();
            if (!text.empty() && !text.ends_with('\n')) text += '\n';
            is_comment = false;
        } else {
            is_comment = is_comment || c == '#';
            if (!is_comment) text += c;
        }
    }
    return text;
}

inline Config config_of(const Import& imported) {
    LoadRequest request;
    request.path = "site.toml";
    request.text = imported.draft.text();
    request.folder = "/";
    request.demand = Demand::WellFormed;
    auto loaded = load_config(request);
    EXPECT_TRUE(loaded) << loaded.error().message << *request.text;
    return loaded ? loaded->config : Config{};
}

// What is said of the first thing that begins with these words, as "fate: word".
inline std::string told_of(const Import& imported, const std::string& words, Fate fate) {
    for (const Finding& finding : imported.findings.all())
        if (finding.fate == fate && (finding.said.words + " ").starts_with(words + " "))
            return finding.word;
    return "nothing";
}

}  // namespace bundle::imported
