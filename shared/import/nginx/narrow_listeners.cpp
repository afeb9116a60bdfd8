#include "shared/import/nginx/narrow_listeners.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "shared/config/option/kinds.hpp"
#include "shared/config/trusted_peers.hpp"

namespace bundle::imported {

namespace {

std::string host_of(const std::string& address) {
    std::string host = address.substr(0, address.rfind(':'));
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    return host;
}

bool is_of_unix(const NginxListen& listen) { return listen.address.starts_with("unix:"); }

bool is_of_loopback(const NginxListen& listen) {
    const std::string host = host_of(listen.address);
    return host == "localhost" || host == "::1" || host.starts_with("127.");
}

bool is_of_this_machine(const NginxListen& listen) {
    return is_of_unix(listen) || is_of_loopback(listen);
}

bool is_of_all(const NginxListen& listen) {
    const std::string host = host_of(listen.address);
    return !is_of_unix(listen) && (host == "0.0.0.0" || host == "::" || host == "*");
}

// Whether all that the item names is on this machine.
bool is_within_machine(const std::string& toml) {
    const auto item = parse_trusted_peers(toml.substr(1, toml.size() - 2));
    const auto loopback = parse_trusted_peers("loopback");
    if (!item || !loopback) return false;
    return std::ranges::all_of(item->ranges, [&](const IpRange& range) {
        return std::ranges::any_of(loopback->ranges, [&](const IpRange& other) {
            return other.first <= range.first && range.last <= other.last;
        });
    });
}

bool has_items(const DraftLine* list) { return list && !list->items.empty(); }

// `allow` becomes those of this machine whom it names; all of them where it names nobody.
void allow_machine(DraftTable& table, const std::vector<std::string>& machine, const Said& said) {
    DraftLine* allow = table.find("allow");
    if (!allow) allow = &table.lines.emplace_back(DraftLine{"allow", {}, {}, {}, said});
    if (allow->items.empty()) {
        allow->value.clear();
        allow->items = machine;
        return;
    }
    std::erase_if(allow->items, [](const std::string& item) { return !is_within_machine(item); });
    if (!allow->items.empty()) return;
    std::erase_if(table.lines,
                  [](const DraftLine& line) { return line.key == "allow" || line.key == "deny"; });
    table.lines.push_back({"deny", "[\"*\"]", {}, {}, said});
}

bool is_closed(const DraftTable& table) {
    const DraftLine* deny = table.find("deny");
    const bool is_all = deny && (deny->value == "[\"*\"]" ||
                                 std::ranges::find(deny->items, "\"*\"") != deny->items.end());
    return is_all && !has_items(table.find("allow"));
}

void keep_to_machine(Import& out, DraftSite& site, const NginxServer& server) {
    std::vector<std::string> machine;
    if (std::ranges::any_of(server.listens, is_of_loopback))
        machine.push_back(config::toml_string("loopback"));
    if (std::ranges::any_of(server.listens, is_of_unix))
        machine.push_back(config::toml_string("unix"));
    const Said& said = server.listens.front().said;
    if (!is_closed(site.own)) allow_machine(site.own, machine, said);
    // A route's own list counts in place of that of its site.
    for (DraftTable& route : site.routes)
        if (route.find("allow") && !is_closed(route)) allow_machine(route, machine, said);
    out.differs(said,
                "sites are told apart by host, not by listener: allow keeps this one to clients "
                "on this machine");
}

}  // namespace

void keep_to_listeners(Import& out, DraftSite& site, const NginxServer& server,
                       const std::vector<NginxServer>& all) {
    std::set<std::string> own;
    for (const NginxListen& listen : server.listens) own.insert(listen.address);
    std::vector<const NginxListen*> wider;
    for (const NginxServer& other : all)
        for (const NginxListen& listen : other.listens)
            if (!own.contains(listen.address) && !is_of_this_machine(listen))
                wider.push_back(&listen);
    if (server.listens.empty() || wider.empty()) return;
    if (std::ranges::all_of(server.listens, is_of_this_machine))
        return keep_to_machine(out, site, server);
    if (std::ranges::any_of(server.listens, is_of_all)) return;
    out.differs(server.listens.front().said,
                fmt::format("sites are told apart by host, not by listener: this one answers at "
                            "{}, too; allow says who may come",
                            wider.front()->address));
}

}  // namespace bundle::imported
