#include "shared/config/development.hpp"

#include <fmt/format.h>

#include <memory>
#include <utility>

#include "shared/config/listen_address.hpp"
#include "shared/routing/glob.hpp"

namespace bundle::config {

namespace {

// A person reads it beside what the application prints.
constexpr const char* kAccessFormat = "%(t)s %(m)s %({raw_uri}e)s %(s)s, %(B)s bytes in %(M)s ms";

void set_unless_said(Table* table, std::string_view key, Node value) {
    if (table != nullptr && find(*table, key) == nullptr) set(*table, key, std::move(value));
}

// The file may say that they are off, but whoever types --dev wants them.
void turn_on(Table* dev, std::string_view key, const Origin& origin) {
    if (dev == nullptr) return;
    const Node* said = find(*dev, key);
    const bool by_set = said != nullptr && said->origin.source->kind == Source::Kind::CommandLine;
    if (!by_set) set(*dev, key, Node{origin, true});
}

void complete_app(Table* app, const Origin& origin) {
    if (app == nullptr) return;
    const auto text = [&](const char* value) { return Node{origin, Text{value}}; };
    set_unless_said(app, "workers", Node{origin, std::int64_t{1}});
    // Somebody may sit at a debugger's prompt.
    set_unless_said(app, "request_timeout", text("24h"));
    set_unless_said(app, "slow_after", text("off"));
    set_unless_said(find_or_add_table(*app, "queue", origin).table(), "timeout", text("1h"));
    // After a change nobody wants what the code before has to say. A GET then goes to the new one.
    set_unless_said(app, "graceful_timeout", text("2s"));
    // What is printed is seen as it is, and a debugger's prompt at once.
    set_unless_said(app, "capture_output", Node{origin, false});
}

bool is_for_this_machine(const std::string& address) {
    const auto parsed = parse_listen_address(address);
    if (!parsed) return true;  // which is told elsewhere
    const auto* const tcp = std::get_if<TcpAddress>(&*parsed);
    return tcp == nullptr || tcp->host == "localhost" || tcp->host == "::1" ||
           tcp->host.starts_with("127.");
}

// "listen.0.address is \":443\""; empty: nobody.
std::string who_can_come(const Config& config) {
    for (std::size_t i = 0; i < config.listen.size(); ++i)
        if (!is_for_this_machine(config.listen[i].address))
            return fmt::format("listen.{}.address is \"{}\"", i, config.listen[i].address);
    return config.trust.proxies.empty() ? "" : "trust.proxies names somebody";
}

}  // namespace

void apply_development(Node& root) {
    Table* const all = root.table();
    if (all == nullptr) return;
    const Origin origin{
        std::make_shared<const Source>(Source{Source::Kind::CommandLine, "--dev", "", 0}), 0, 0};
    Table* const dev = find_or_add_table(*all, "dev", origin).table();
    turn_on(dev, "reload", origin);
    turn_on(dev, "tracebacks", origin);
    if (Node* apps = find(*all, "app"); apps != nullptr && apps->table() != nullptr)
        for (Member& app : *apps->table()) complete_app(app.node.table(), origin);
    Table* const log = find_or_add_table(*all, "log", origin).table();
    if (log == nullptr) return;
    set_unless_said(find_or_add_table(*log, "access", origin).table(), "format",
                    Node{origin, Text{kAccessFormat}});
}

void check_dev_rules(const Config& config, const Origins& origins, Problems& problems) {
    for (const std::string& pattern : config.dev.watch) {
        if (pattern.size() <= Glob::kLongest || problems.is_unusable("dev.watch")) continue;
        problems.add(nearest_origin(origins, "dev.watch"),
                     fmt::format("dev.watch has a pattern of {} bytes, {}; with its folder it may "
                                 "have at most {}",
                                 pattern.size(), shown(pattern), Glob::kLongest));
    }
}

std::vector<std::string> dev_doubts(const Config& config, const Origins& origins) {
    std::vector<std::string> found;
    const std::string others = who_can_come(config);
    const auto doubt = [&](bool on, const char* option, const char* what) {
        if (on && !others.empty())
            found.push_back(fmt::format("{}: {} is true, and {}; {}",
                                        nearest_origin(origins, option).place(), option, others,
                                        what));
    };
    doubt(config.dev.reload, "dev.reload", "it is for the machine of a developer");
    doubt(config.dev.tracebacks, "dev.tracebacks", "everybody who comes sees the app's code");
    return found;
}

}  // namespace bundle::config
