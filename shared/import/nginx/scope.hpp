// What can be said of everything, of a server and of a location: limits, times, compression,
// fields, who may come.
#pragma once
#include <chrono>

#include "shared/base/bytes.hpp"
#include "shared/import/draft.hpp"
#include "shared/import/nginx/server.hpp"

namespace bundle::imported {

enum class Level : std::uint8_t { Http, Site, Route };

struct Scope {
    Import& out;
    DraftTable& table;  // of http, the site or the route
    Level level;
    const NginxServer* server = nullptr;  // whose locations say where error pages lie
};

// Every directive that is not of a place of its own: written, or told why not.
void take_in_scope(const Scope& scope, const Directive& directive);

// The folder of a location, or of its server: what alias says, or root and the path of an exact or
// prefix location.
// "" where files come from nginx's own folder.
std::string root_of(const Directives& directives, const NginxServer& server);

// "4G" of client_max_body_size, within what the option may be.
struct SizeRange {
    Bytes least, most;
};
void put_size(Import& out, DraftTable& table, std::string_view key, Bytes size, SizeRange range,
              const Said& said);
struct TimeRange {
    std::chrono::milliseconds least, most;
};
void put_time(Import& out, DraftTable& table, std::string_view key, std::chrono::milliseconds time,
              TimeRange range, const Said& said);

}  // namespace bundle::imported
