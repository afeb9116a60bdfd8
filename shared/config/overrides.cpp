#include "shared/config/overrides.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "shared/config/option/description.hpp"
#include "shared/config/source/toml_text.hpp"

namespace bundle::config {

namespace {

using Form = TableDescription::Form;
using Names = std::vector<std::string>;
enum class Case { Matters, Folded };

std::string lower(std::string_view text) {
    std::string result(text);
    for (char& c : result)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return result;
}

// How names are compared that come from an environment variable.
std::string folded(std::string_view name) {
    std::string result = lower(name);
    std::ranges::replace(result, '-', '_');
    return result;
}

Names split(std::string_view text, std::string_view separator) {
    Names names;
    for (;;) {
        const std::size_t end = text.find(separator);
        names.emplace_back(text.substr(0, end));
        if (end == std::string_view::npos) return names;
        text.remove_prefix(end + separator.size());
    }
}

void set_origin(Node& node, const Origin& origin) {
    node.origin = origin;
    if (Table* table = node.table()) {
        for (Member& member : *table) {
            member.origin = origin;
            set_origin(member.node, origin);
        }
    } else if (List* list = node.list()) {
        for (Node& item : *list) set_origin(item, origin);
    }
}

// Sets one option in the tree, on the way that its names describe.
class Override {
  public:
    Override(Origin origin, Case letters, Problems& problems)
        : origin_(std::move(origin)), letters_(letters), problems_(problems) {}

    void apply(Node& root, Names names, std::string_view value) {
        names_ = std::move(names);
        value_ = value;
        enter(root, configuration_description(), 0);
    }

  private:
    // `node` is the table that `description` describes, `at` the first name below it.
    void enter(Node& node, const TableDescription& description, std::size_t at) {
        Table* table = node.table();
        if (!table) return;  // the file has something else there: the reader says so
        if (at == names_.size()) return complain(at, "is a table; name one of its options");
        const std::string key = letters_ == Case::Folded ? lower(names_[at]) : names_[at];
        if (const OptionDescription* option = description.find_option(key)) {
            set_option(*table, *option, at);
        } else if (const TableDescription* part = description.find_table(key)) {
            enter_part(*table, *part, at);
        } else {
            complain(at + 1, "is unknown" + what_was_meant(key, description));
        }
    }

    void enter_part(Table& table, const TableDescription& part, std::size_t at) {
        if (part.form == Form::Single)
            return enter(find_or_add_table(table, part.name, origin_), part, at + 1);
        if (at + 1 == names_.size())
            return complain(at + 1, part.form == Form::Listed
                                        ? "is a list; name one by its number, from 0"
                                        : "needs the name of one and of an option");
        if (part.form == Form::Named) {
            Node& all = find_or_add_table(table, part.name, origin_);
            if (Table* named = all.table())
                enter(find_or_add_table(*named, name_in(*named, names_[at + 1]), origin_), part,
                      at + 2);
            return;
        }
        if (!find(table, part.name)) set(table, part.name, Node{origin_, List{}});
        if (List* list = find(table, part.name)->list())
            if (Node* item = item_of(*list, at + 1)) enter(*item, part, at + 2);
    }

    // The name as the file spells it, if it knows it.
    [[nodiscard]] std::string name_in(const Table& named, const std::string& name) const {
        if (letters_ == Case::Matters) return name;
        for (const Member& member : named)
            if (folded(member.key) == folded(name)) return member.key;
        return lower(name);
    }

    // The item with that number; one more than there are adds one.
    Node* item_of(List& list, std::size_t at) {
        const std::string& number = names_[at];
        std::size_t index = 0;
        const char* end = number.data() + number.size();
        const auto parsed = std::from_chars(number.data(), end, index);
        if (parsed.ec != std::errc() || parsed.ptr != end || index > list.size()) {
            complain(at + 1, fmt::format("names none; write a number from 0 to {}", list.size()));
            return nullptr;
        }
        if (index == list.size()) list.push_back(Node{origin_, Table{}});
        return &list[index];
    }

    void set_option(Table& table, const OptionDescription& option, std::size_t at) {
        if (at + 1 == names_.size()) return set_value(table, option.name);
        if (!option.kind.is_table) return complain(at + 1, "is no table");
        Node& node = find_or_add_table(table, option.name, origin_);
        // The rest is a name that the user chose, dots and capitals included.
        const Names rest(names_.begin() + static_cast<std::ptrdiff_t>(at) + 1, names_.end());
        if (node.table())
            set_value(*node.table(),
                      fmt::format("{}", fmt::join(rest, letters_ == Case::Folded ? "__" : ".")));
    }

    void set_value(Table& table, std::string_view key) {
        if (auto node = value_node()) set(table, key, std::move(*node));
    }

    std::optional<Node> value_node() {
        constexpr std::string_view kTomlBegins = "\"'[{";
        if (value_.empty() || kTomlBegins.find(value_.front()) == std::string_view::npos)
            return Node{
                origin_, Text{std::string(value_), true}
            };
        auto parsed = parse_toml(fmt::format("value = {}", value_), origin_.source);
        if (!parsed || parsed->table()->size() != 1) {
            problems_.add(origin_, fmt::format("{} is no TOML", shown(value_)));
            return std::nullopt;
        }
        Node node = std::move(parsed->table()->front().node);
        set_origin(node, origin_);
        return node;
    }

    // About the first `count` names.
    void complain(std::size_t count, std::string_view text) {
        const Names names(names_.begin(), names_.begin() + static_cast<std::ptrdiff_t>(count));
        const std::string full = fmt::format("{}", fmt::join(names, "."));
        problems_.add(origin_,
                      fmt::format("{} {}", letters_ == Case::Folded ? lower(full) : full, text));
    }

    Origin origin_;
    Case letters_;
    Problems& problems_;
    Names names_;
    std::string_view value_;
};

Origin origin_of(Source::Kind kind, std::string name, std::string folder, std::uint32_t order) {
    return {std::make_shared<const Source>(Source{kind, std::move(name), std::move(folder), order}),
            0, 0};
}

const std::string* variable(const std::map<std::string, std::string>& environment,
                            const char* name) {
    const auto found = environment.find(name);
    return found == environment.end() || found->second.empty() ? nullptr : &found->second;
}

void apply_port(Table& root, const std::string& port) {
    const Origin origin = origin_of(Source::Kind::Environment, "PORT", "", 0);
    if (!find(root, "listen")) set(root, "listen", Node{origin, List{Node{origin, Table{}}}});
    List* listeners = find(root, "listen")->list();
    if (!listeners || listeners->empty()) return;
    Table* first = listeners->front().table();
    if (first && !find(*first, "address"))
        set(*first, "address",
            Node{
                origin, Text{"0.0.0.0:" + port, true}
        });
}

void apply_concurrency(Table& root, const std::string& workers) {
    const Origin origin = origin_of(Source::Kind::Environment, "WEB_CONCURRENCY", "", 0);
    Node* apps = find(root, "app");
    if (!apps || !apps->table()) return;
    for (Member& app : *apps->table())
        if (Table* table = app.node.table(); table && !find(*table, "workers"))
            set(*table, "workers",
                Node{
                    origin, Text{workers, true}
            });
}

// gunicorn's list: "10.0.0.1, 10.0.0.2", or "*".
void apply_trusted_proxies(Table& root, const std::string& proxies) {
    const Origin origin = origin_of(Source::Kind::Environment, "FORWARDED_ALLOW_IPS", "", 0);
    Table* trust = find_or_add_table(root, "trust", origin).table();
    if (!trust || find(*trust, "proxies")) return;
    List list;
    for (const std::string& item : split(proxies, ",")) {
        const std::size_t begin = item.find_first_not_of(' ');
        if (begin == std::string::npos) continue;
        const std::size_t end = item.find_last_not_of(' ') + 1;
        list.push_back(Node{
            origin, Text{item.substr(begin, end - begin), true}
        });
    }
    set(*trust, "proxies", Node{origin, std::move(list)});
}

}  // namespace

void apply_environment(Node& root, const std::map<std::string, std::string>& environment,
                       const std::string& folder, Problems& problems) {
    constexpr std::string_view kPrefix = "BUNDLE_";
    constexpr std::string_view kSeparator = "__";
    std::uint32_t order = 0;
    for (const auto& [name, value] : environment) {
        if (!name.starts_with(kPrefix) || name.find(kSeparator) == std::string::npos) continue;
        Override change(origin_of(Source::Kind::Environment, name, folder, order++), Case::Folded,
                        problems);
        change.apply(root, split(std::string_view(name).substr(kPrefix.size()), kSeparator), value);
    }
}

void apply_platform_variables(Node& root, const std::map<std::string, std::string>& environment) {
    if (const std::string* port = variable(environment, "PORT")) apply_port(*root.table(), *port);
    if (const std::string* workers = variable(environment, "WEB_CONCURRENCY"))
        apply_concurrency(*root.table(), *workers);
    if (const std::string* proxies = variable(environment, "FORWARDED_ALLOW_IPS"))
        apply_trusted_proxies(*root.table(), *proxies);
}

void apply_overrides(Node& root, const std::vector<std::string>& overrides,
                     const std::string& folder, Problems& problems) {
    std::uint32_t order = 0;
    for (const std::string& text : overrides) {
        const std::size_t equals = text.find('=');
        const std::string name = text.substr(0, equals);
        const Origin origin = origin_of(Source::Kind::CommandLine, name, folder, order++);
        if (equals == std::string::npos) {
            problems.add(origin, "it has no value; write --set app.main.workers=4");
            continue;
        }
        Override(origin, Case::Matters, problems)
            .apply(root, split(name, "."), std::string_view(text).substr(equals + 1));
    }
}

}  // namespace bundle::config
