#include "shared/import/draft.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "shared/base/log.hpp"
#include "shared/base/utf8.hpp"
#include "shared/config/listen_address.hpp"
#include "shared/config/option/kinds.hpp"
#include "shared/config/option/routing_checks.hpp"
#include "shared/routing/path_table.hpp"

namespace bundle::imported {

using config::toml_string;

namespace {

constexpr std::size_t kWidth = 100;

bool is_line_of_utf8(const std::string& text) {
    const auto is_control = [](char c) {
        return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
    };
    return is_utf8(text) && std::ranges::none_of(text, is_control);
}

bool is_bare(std::string_view key) {
    return !key.empty() && std::ranges::all_of(key, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '-' || c == '_';
    });
}

bool is_same_path(std::string_view one, std::string_view other) {
    const RoutePath a = RoutePath::in(one), b = RoutePath::in(other);
    return a.kind == b.kind && a.text == b.text;
}

std::string value_of(const DraftLine& line) {
    if (!line.items.empty()) {
        const std::string inside = fmt::format("{}", fmt::join(line.items, ", "));
        if (line.key.size() + inside.size() + 6 <= kWidth) return "[" + inside + "]";
        return fmt::format("[\n    {},\n]", fmt::join(line.items, ",\n    "));
    }
    if (line.members.empty()) return line.value;
    std::string inside;
    for (const auto& [name, value] : line.members)
        inside += fmt::format("{}{} = {}", inside.empty() ? "" : ", ",
                              is_bare(name) ? name : config::basic_string(name), value);
    return "{ " + inside + " }";
}

// Of a file whose name may be anything.
std::string in_a_comment(std::string text) {
    for (char& c : text)
        if (c < ' ' || c == 0x7f) c = '?';
    return text;
}

void print(std::string& text, const DraftTable& table) {
    if (table.lines.empty()) return;
    text += '\n';
    if (!table.comment.empty()) text += "# " + table.comment + '\n';
    text += table.header + '\n';
    for (const DraftLine& line : table.lines) {
        const std::string said = fmt::format("{} = {}", line.key, value_of(line));
        const std::string place = in_a_comment(line.said.place.text());
        text += said;
        const std::string note = line.note.empty() ? "" : ": " + line.note;
        if (!place.empty())
            text += fmt::format("{:<{}}  # {}{}", "", said.size() < 40 ? 40 - said.size() : 0,
                                place, note);
        text += '\n';
    }
}

}  // namespace

DraftLine* DraftTable::find(std::string_view key) {
    const auto found = std::ranges::find(lines, key, &DraftLine::key);
    return found == lines.end() ? nullptr : &*found;
}

const DraftLine* DraftTable::find(std::string_view key) const {
    const auto found = std::ranges::find(lines, key, &DraftLine::key);
    return found == lines.end() ? nullptr : &*found;
}

std::string DraftTable::option(std::string_view key) const {
    const auto begin = header.find_first_not_of('[');
    return fmt::format("{}.{}", header.substr(begin, header.find(']') - begin), key);
}

bool DraftSite::has_route(const std::string& path) const {
    return std::ranges::any_of(
        routes, [&](const DraftTable& route) { return is_same_path(route.comment, path); });
}

void DraftSite::drop_route(const std::string& path) {
    std::erase_if(routes,
                  [&](const DraftTable& route) { return is_same_path(route.comment, path); });
}

DraftTable& DraftSite::route(const std::string& path, const Said& said) {
    for (DraftTable& route : routes)
        if (is_same_path(route.comment, path)) return route;
    DraftTable& made = routes.emplace_back(DraftTable{"[[site.route]]", path});
    made.lines.push_back({"path", toml_string(path), {}, {}, said});
    return made;
}

std::string Draft::text() const {
    std::string text =
        "# Written by `bundle import`; behind each line stands where it comes from. What else "
        "there is:\n"
        "# `bundle reference`.\n";
    print(text, server);
    for (const DraftTable& table : listen) print(text, table);
    for (const DraftTable* table : {&http, &http2, &tls}) print(text, *table);
    for (const DraftTable& table : certificates) print(text, table);
    for (const DraftTable* table : {&trust, &app}) print(text, *table);
    for (const DraftSite& site : sites) {
        print(text, site.own);
        for (const DraftTable& route : site.routes) print(text, {route.header, {}, route.lines});
    }
    for (const DraftTable* table : {&log, &access_log, &statsd}) print(text, *table);
    return text;
}

void Import::put(DraftTable& table, std::string_view key, std::string toml, const Said& said) {
    if (const DraftLine* before = table.find(key); before && before->value != toml)
        return contradicted(said, fmt::format("{} = {} was taken, from {}", table.option(key),
                                              before->value, before->said.place.text()));
    else if (!before)
        table.lines.push_back({std::string(key), std::move(toml), {}, {}, said});
    findings.add(Fate::Translated, said, table.option(key));
}

void Import::close(DraftTable& table, const Said& said, const std::string& what) {
    std::erase_if(table.lines,
                  [](const DraftLine& line) { return line.key == "allow" || line.key == "deny"; });
    // A route has the lists of its site unless it has its own.
    if (table.header == "[[site.route]]") table.lines.push_back({"allow", "[]", {}, {}, said});
    table.lines.push_back({"deny", "[\"*\"]", {}, {}, said, "closed until you decide"});
    closed(said, fmt::format("{} answers everybody 403 (deny)", what));
}

bool Import::can_be_written(const std::string& text, const Said& said) {
    if (is_line_of_utf8(text)) return true;
    not_translated(said, "what is no line of UTF-8 cannot be written");
    return false;
}

bool Import::can_have_route(const std::string& path, const Said& said) {
    if (const auto complaint = config::check_route_path(path)) {
        not_translated(said, *complaint);
        return false;
    }
    return can_be_written(path, said);
}

Result<void> Import::put_application(const std::string& name, const Said& said,
                                     std::string_view key) {
    auto complaint = key == "paste" ? config::check_paste(name) : config::check_wsgi(name);
    if (!complaint && !is_line_of_utf8(name)) complaint = "it must be one line of UTF-8";
    if (complaint)
        return failure(fmt::format("{}: the application is {}; {}", said.place.text(),
                                   log_quoted(name), *complaint));
    put(draft.app, key, toml_string(name), said);
    return {};
}

bool Import::put_redirect(DraftTable& route, const std::string& target, int status,
                          const Said& said) {
    if (!can_be_written(target, said)) return false;
    put(route, "redirect", toml_string(target), said);
    if (status != 301) put(route, "status", std::to_string(status), said);
    return true;
}

DraftTable* Import::add_listener(const std::string& address, const Said& said) {
    if (const auto parsed = parse_listen_address(address); !parsed) {
        not_translated(said, fmt::format("{}: {}", address, parsed.error().message));
        return nullptr;
    }
    for (DraftTable& known : draft.listen)
        if (known.find("address")->value == toml_string(address)) return &known;
    if (!can_be_written(address, said)) return nullptr;
    DraftTable& made = draft.listen.emplace_back(DraftTable{"[[listen]]"});
    put_text(made, "address", address, said);
    return &made;
}

void Import::put_text(DraftTable& table, std::string_view key, const std::string& text,
                      const Said& said) {
    if (text.empty()) return not_translated(said, "it is empty");
    if (can_be_written(text, said)) put(table, key, toml_string(text), said);
}

void Import::add_to_list(DraftTable& table, std::string_view key, const std::string& text,
                         const Said& said) {
    if (!can_be_written(text, said)) return;
    DraftLine* line = table.find(key);
    if (!line) line = &table.lines.emplace_back(DraftLine{std::string(key), {}, {}, {}, said});
    const std::string toml = toml_string(text);
    if (std::ranges::find(line->items, toml) == line->items.end()) line->items.push_back(toml);
    findings.add(Fate::Translated, said, table.option(key));
}

void Import::add_to_table(DraftTable& table, std::string_view key, const std::string& name,
                          const std::string& text, const Said& said) {
    if (name.empty() || !can_be_written(name, said) || !can_be_written(text, said)) return;
    DraftLine* line = table.find(key);
    if (!line) line = &table.lines.emplace_back(DraftLine{std::string(key), {}, {}, {}, said});
    for (const auto& [known, value] : line->members)
        if (known == name) {
            if (value != toml_string(text))
                contradicted(said, fmt::format("{}.{} = {} was taken, from {}", table.option(key),
                                               name, value, line->said.place.text()));
            return;
        }
    line->members.emplace_back(name, toml_string(text));
    findings.add(Fate::Translated, said, table.option(key));
}

}  // namespace bundle::imported
