// What files, environment and command line say, merged, before the option rows give it a meaning.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "shared/config/source/origin.hpp"

namespace bundle::config {

struct Node;
struct Member;

struct Text {
    std::string value;
    // From the environment, --set or "${NAME}": it has no type yet, so that "4" may become a
    // number.
    bool untyped = false;
};
struct Date {};    // TOML has them, no option does
struct Broken {};  // a problem was told, nothing more is to be said
using List = std::vector<Node>;
using Table = std::vector<Member>;  // in the order of the file

struct Node {
    Origin origin;
    std::variant<bool, std::int64_t, double, Text, Date, Broken, List, Table> value;

    [[nodiscard]] Table* table() { return std::get_if<Table>(&value); }
    [[nodiscard]] const Table* table() const { return std::get_if<Table>(&value); }
    [[nodiscard]] List* list() { return std::get_if<List>(&value); }
    [[nodiscard]] const List* list() const { return std::get_if<List>(&value); }
    [[nodiscard]] const Text* text() const { return std::get_if<Text>(&value); }
};

struct Member {
    std::string key;
    Origin origin;  // of the key
    Node node;
};

Node* find(Table& table, std::string_view key);
const Node* find(const Table& table, std::string_view key);

// The member of that name, made as an empty table with this origin when there is none.
Node& find_or_add_table(Table& table, std::string_view key, const Origin& origin);
void set(Table& table, std::string_view key, Node node);

bool has_broken_part(const Node& node);

// How a message shows a value: 5, true, "text", a list, a table.
std::string shown(const Node& node);
// "text" with what could confuse a terminal escaped, cut when it is long.
std::string shown(std::string_view text);
// A key as it may stand in TOML: bare where that is possible, else as text.
std::string shown_key(std::string_view key);

}  // namespace bundle::config
