// The site.toml that is being written: its tables, each line with the place that it comes from.
#pragma once
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "shared/base/result.hpp"
#include "shared/import/findings.hpp"

namespace bundle::imported {

struct DraftLine {
    std::string key;                      // "max_body", "headers.append"
    std::string value;                    // TOML; of a list or a table: nothing
    std::vector<std::string> items = {};  // of a list, as TOML
    std::vector<std::pair<std::string, std::string>> members = {};  // of a table, as TOML
    Said said = {};
    std::string note = {};  // behind the place
};

struct DraftTable {
    std::string header;        // "[http]", "[[site.route]]"
    std::string comment = {};  // above it
    std::vector<DraftLine> lines = {};

    [[nodiscard]] DraftLine* find(std::string_view key);
    [[nodiscard]] const DraftLine* find(std::string_view key) const;
    // "http.max_body"
    [[nodiscard]] std::string option(std::string_view key) const;
};

struct DraftSite {
    DraftTable own{"[[site]]"};
    std::deque<DraftTable> routes = {};  // references to them stay good

    // The one with this path, which is made where there is none.
    DraftTable& route(const std::string& path, const Said& said);
    void drop_route(const std::string& path);
    [[nodiscard]] bool has_route(const std::string& path) const;
};

struct Draft {
    DraftTable server{"[server]"};
    std::deque<DraftTable> listen = {};
    DraftTable http{"[http]"};
    DraftTable http2{"[http2]"};
    DraftTable tls{"[tls]"};
    std::deque<DraftTable> certificates = {};
    DraftTable trust{"[trust]"};
    DraftTable app{"[app.main]"};
    std::deque<DraftSite> sites = {};
    DraftTable log{"[log]"};
    DraftTable access_log{"[log.access]"};
    DraftTable statsd{"[metrics.statsd]"};

    [[nodiscard]] std::string text() const;  // of site.toml
};

// What is imported, and what is said about it.
struct Import {
    Draft draft;
    Findings findings;
    std::map<std::string, std::string> log_formats = {};  // of nginx, by name
    std::map<std::string, std::string> mapped = {};  // variable of nginx's map: what it looks at

    // Where the key has another value already, that one stays, and the contradiction is told.
    void put(DraftTable& table, std::string_view key, std::string toml, const Said& said);
    // Of one line, and UTF-8; what is not is told, not written.
    void put_text(DraftTable& table, std::string_view key, const std::string& text,
                  const Said& said);
    void add_to_list(DraftTable& table, std::string_view key, const std::string& text,
                     const Said& said);
    void add_to_table(DraftTable& table, std::string_view key, const std::string& name,
                      const std::string& text, const Said& said);

    // MODULE:APP of [app.main], or the ini file that `key` "paste" names; an error says where it
    // stands and what is wrong with it.
    Result<void> put_application(const std::string& name, const Said& said,
                                 std::string_view key = "wsgi");
    // False: it is told why not. `status` 301 is what a route without it has.
    bool put_redirect(DraftTable& route, const std::string& target, int status, const Said& said);
    // The one with this address; nothing, and that is told, where bundle cannot listen there.
    DraftTable* add_listener(const std::string& address, const Said& said);
    // Nobody comes in here any more.
    void close(DraftTable& table, const Said& said, const std::string& what);
    // Else it is told.
    bool can_have_route(const std::string& path, const Said& said);

    void not_needed(const Said& said, std::string why) {
        findings.add(Fate::NotNeeded, said, std::move(why));
    }
    void not_translated(const Said& said, std::string why) {
        findings.add(Fate::NotTranslated, said, std::move(why));
    }
    void differs(const Said& said, std::string how) {
        findings.add(Fate::Differs, said, std::move(how));
    }
    void contradicted(const Said& said, std::string how) {
        findings.add(Fate::Contradicted, said, std::move(how));
    }
    void closed(const Said& said, std::string what) {
        findings.add(Fate::Closed, said, std::move(what));
    }
    void opened(const Said& said, std::string what) {
        findings.add(Fate::Opened, said, std::move(what));
    }

  private:
    bool can_be_written(const std::string& text, const Said& said);
};

}  // namespace bundle::imported
