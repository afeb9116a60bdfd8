// One setting of gunicorn as one option.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "shared/import/draft.hpp"
#include "shared/import/gunicorn/settings.hpp"

namespace bundle::imported {

struct CountRange {
    std::uint64_t least, most;
};
// What is outside of the range becomes its end, and that is told.
void put_count(Import& out, DraftTable& table, std::string_view key, const GunicornValue& value,
               CountRange range);

constexpr std::uint64_t kDay = 86400;  // seconds
// "30" as "30s".
void put_seconds(Import& out, DraftTable& table, std::string_view key, const GunicornValue& value,
                 CountRange range);
std::optional<std::uint64_t> number_in(const std::string& text);
bool is_true(const std::string& text);
struct ValueRow {
    std::string_view name;
    void (*take)(Import&, const GunicornValue&);
};

// Settings of the application and its workers; false: it is none of those.
bool take_of_application(Import& out, const GunicornValue& value);
// Those of connections, requests, TLS and trust, which a server before gunicorn has, too.
bool is_of_clients(std::string_view name);
void take_of_clients(Import& out, const GunicornValue& value);

// "0.0.0.0", "[::1]:80", "unix:run.sock", "fd://3" as [[listen]] has them.
std::string listen_address_of(const std::string& bind);

}  // namespace bundle::imported
