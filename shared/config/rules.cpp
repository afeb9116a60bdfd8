#include "shared/config/rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string_view>
#include <variant>

#include "shared/config/development.hpp"
#include "shared/config/listen_address.hpp"
#include "shared/config/option/text_checks.hpp"
#include "shared/config/options.hpp"
#include "shared/config/site_rules.hpp"
#include "shared/config/tls_rules.hpp"
#include "shared/config/trusted_peers.hpp"
#include "shared/config/units.hpp"

namespace bundle::config {

namespace {

class Rules {
  public:
    Rules(const Config& config, const Origins& origins, Problems& problems)
        : config_(config), origins_(origins), problems_(problems) {}

    void check() {
        check_something_is_served();
        check_run_directory();
        for (std::size_t i = 0; i < config_.listen.size(); ++i) check_listener(i);
        check_sizes();
        check_trust();
        check_tls_rules(config_, origins_, problems_);
        check_mime();
        check_admin();
        for (const AppConfig& app : config_.apps) check_app(app);
        check_site_rules(config_, origins_, problems_);
        check_dev_rules(config_, origins_, problems_);
    }

  private:
    void complain(const std::string& name, std::string text) {
        if (!problems_.is_unusable(name))
            problems_.add(nearest_origin(origins_, name), std::move(text));
    }
    [[nodiscard]] std::string place_of(const std::string& name) const {
        return nearest_origin(origins_, name).place();
    }

    void check_something_is_served() {
        const auto serves = [](const SiteConfig& site) {
            return !site.root.empty() || !site.routes.empty();
        };
        if (problems_.is_unusable("app") || problems_.is_unusable("site")) return;
        if (config_.apps.empty() && std::ranges::none_of(config_.sites, serves))
            complain("",
                     "there is nothing to serve; write [app.main] with wsgi = \"module:callable\"");
    }

    void check_run_directory() {
        constexpr std::size_t kLongest = 80;  // leaves room for the names of our sockets
        const std::size_t length = config_.server.run_directory.size();
        if (length > kLongest)
            complain(
                "server.run_directory",
                fmt::format(
                    "server.run_directory has {} bytes; unix sockets below it need it to have at "
                    "most {}",
                    length, kLongest));
    }

    void check_listener(std::size_t index) {
        const ListenConfig& listener = config_.listen[index];
        const std::string name = fmt::format("listen.{}", index);
        for (std::size_t before = 0; before < index; ++before)
            if (config_.listen[before].address == listener.address)
                complain(name + ".address",
                         fmt::format("{}.address is {} once more; it stands at {} already", name,
                                     listener.address,
                                     place_of(fmt::format("listen.{}.address", before))));

        const auto address = parse_listen_address(listener.address);
        if (!address || std::holds_alternative<UnixAddress>(*address)) return;
        // Setting them to the default is no mistake: print_config() does.
        const auto normal = with_defaults<ListenConfig>(kListenOptions);
        const auto complain_about = [&](const char* option) {
            complain(fmt::format("{}.{}", name, option),
                     fmt::format("{}.{} has a meaning for a unix socket only", name, option));
        };
        if (listener.mode != normal.mode) complain_about("mode");
        if (listener.owner != normal.owner) complain_about("owner");
    }

    void check_trust() {
        for (const auto& [name, value] : config_.trust.scheme_headers) {
            if (const auto complaint = check_field_name(name))
                complain("trust.scheme_headers",
                         fmt::format("trust.scheme_headers has \"{}\"; {}", name, *complaint));
            if (value.empty())
                complain("trust.scheme_headers",
                         fmt::format("trust.scheme_headers does not say what {} holds when the "
                                     "client's scheme is https; write {{ {} = \"https\" }}",
                                     name, name));
        }
        for (std::size_t i = 0; i < config_.listen.size(); ++i)
            if (config_.listen[i].proxy_protocol) check_proxy_protocol(i);
    }

    // A listener that lets only trusted peers in lets nobody in when none can be.
    void check_admin() {
        for (std::size_t i = 0; i < config_.listen.size(); ++i)
            if (config_.listen[i].address == config_.admin.address)
                complain("admin.address",
                         fmt::format("admin.address is {}, where clients connect already ({})",
                                     config_.admin.address,
                                     place_of(fmt::format("listen.{}.address", i))));
    }

    void check_mime() {
        for (const auto& [ending, type] : config_.mime) {
            const bool is_ending =
                ending.find_first_of("./ABCDEFGHIJKLMNOPQRSTUVWXYZ") == std::string::npos;
            if (!is_ending)
                complain("mime", fmt::format("mime has \"{}\"; it must be the ending of a file's "
                                             "name in lower case, without its dot",
                                             ending));
            const bool is_printable =
                std::ranges::all_of(type, [](char c) { return c >= ' ' && c <= '~'; });
            if (check_media_type(std::string_view(type).substr(0, type.find(';'))) ||
                type.find('*') != std::string::npos || !is_printable)
                complain("mime", fmt::format("mime.{} is \"{}\"; it must be a type such as "
                                             "\"text/html\"",
                                             ending, type));
        }
    }

    void check_proxy_protocol(std::size_t index) {
        if (problems_.is_unusable("trust.proxies")) return;
        const std::string option = fmt::format("listen.{}.proxy_protocol", index);
        if (config_.trust.proxies.empty())
            return complain(
                option, fmt::format("{} is true, but nobody is trusted to speak it; write [trust] "
                                    "proxies = [\"10.0.0.5\"] with the proxy's address or network",
                                    option));
        const auto address = parse_listen_address(config_.listen[index].address);
        if (!address || !std::holds_alternative<UnixAddress>(*address)) return;
        const auto names_unix = [](const std::string& item) {
            const auto peers = parse_trusted_peers(item);
            return peers && peers->unix_sockets;
        };
        if (std::ranges::none_of(config_.trust.proxies, names_unix))
            complain(option, fmt::format("{} is true on a unix socket, but trust.proxies does not "
                                         "name \"unix\"; add it",
                                         option));
    }

    void check_sizes() {
        const Bytes head = config_.http.max_head_size;
        const auto check = [&](const std::string& option, Bytes size) {
            if (size <= head || problems_.is_unusable(option)) return;
            // The mistake stands where something was said; the other one may be a default.
            complain(origins_.contains(option) ? option : "http.max_head_size",
                     fmt::format("{} is {}, more than http.max_head_size, which is {}", option,
                                 print_size(size), print_size(head)));
        };
        check("http.max_request_line", config_.http.max_request_line);
        check("http.max_header_size", config_.http.max_header_size);
    }

    void check_what_is_named(const AppConfig& app, const std::string& name) {
        if (problems_.is_unusable(name + ".wsgi") || problems_.is_unusable(name + ".paste")) return;
        if (app.named().empty())
            complain(name, fmt::format("{} has neither wsgi nor paste, and needs one", name));
        if (!app.wsgi.empty() && !app.paste.empty()) {
            complain(name + ".paste",
                     fmt::format("{}.paste is \"{}\", but {}.wsgi ({}) names the application "
                                 "already; keep one of them",
                                 name, app.paste, name, place_of(name + ".wsgi")));
            problems_.mark_unusable(name + ".paste");
        }
        if (app.paste.empty() && !app.paste_vars.empty())
            complain(name + ".paste_vars",
                     fmt::format("{}.paste_vars is for an ini file; paste names none", name));
    }

    void check_app(const AppConfig& app) {
        const std::string name = "app." + app.name;
        if (const auto complaint = check_app_name(app.name))
            complain(name, fmt::format("{}: {}", name, *complaint));
        check_what_is_named(app, name);
        if (app.min_ready > app.workers.min)
            complain(name + ".min_ready",
                     fmt::format("{}.min_ready is {}, more than {}.workers, which is {}", name,
                                 app.min_ready, name, app.workers.min));
        for (const auto& [variable, value] : app.env)
            if (variable.find('=') != std::string::npos)
                complain(
                    name + ".env",
                    fmt::format("{}.env has {}, which no variable can be called", name, variable));
    }

    const Config& config_;
    const Origins& origins_;
    Problems& problems_;
};

}  // namespace

void check_rules(const Config& config, const Origins& origins, Problems& problems) {
    Rules(config, origins, problems).check();
}

std::vector<std::string> doubts(const Config& config, const Origins& origins) {
    std::set<std::string_view> served;
    for (const SiteConfig& site : config.sites) {
        served.insert(site.app);
        for (const RouteConfig& route : site.routes) served.insert(route.app);
    }
    std::vector<std::string> found;
    for (const AppConfig& app : config.apps)
        if (!served.contains(app.name))
            found.push_back(
                fmt::format("{}: no site and no route uses app.{}; its workers wait in vain",
                            nearest_origin(origins, "app." + app.name).place(), app.name));
    for (const char* option : {"trust.client_ip_header", "trust.scheme_headers"})
        if (config.trust.proxies.empty() && origins.contains(option))
            found.push_back(
                fmt::format("{}: {} is not read from anybody, because trust.proxies names nobody",
                            nearest_origin(origins, option).place(), option));
    add_site_doubts(config, origins, found);
    for (std::string& doubt : tls_doubts(config, origins)) found.push_back(std::move(doubt));
    for (std::string& doubt : dev_doubts(config, origins)) found.push_back(std::move(doubt));
    return found;
}

}  // namespace bundle::config
