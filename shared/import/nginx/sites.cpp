#include "shared/import/nginx/sites.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "shared/config/option/kinds.hpp"
#include "shared/import/nginx/narrow_listeners.hpp"
#include "shared/import/nginx/redirect.hpp"
#include "shared/import/nginx/site.hpp"

namespace bundle::imported {

namespace {

// The status that a server refuses everything with; 0: it does something else.
int refusal_of(const NginxServer& server) {
    if (!server.locations.empty()) return 0;
    const Directive* rejects = server.find("ssl_reject_handshake");
    if (rejects && rejects->argument(0) == "on") return 444;
    const Directive* answer = server.find("return");
    if (!answer) return 0;
    return answer->argument(0) == "444" ? 444 : answer->argument(0) == "421" ? 421 : 0;
}

class Sites {
  public:
    Sites(Import& out, const std::vector<NginxServer>& servers, const Upstreams& upstreams)
        : out_(out), servers_(servers), upstreams_(upstreams) {}

    void take() {
        find_default();
        // Those of https first: of two servers for one host it is the one that does the work.
        for (const NginxServer& server : servers_)
            if (server.has_tls()) take_server(server);
        for (const NginxServer& server : servers_)
            if (!server.has_tls() && !leads_to_https(server)) take_server(server);
        for (const NginxServer& server : servers_)
            if (leads_to_https(server)) take_redirecting(server);
        take_default();
    }

  private:
    // Who answers for hosts that no server names.
    void find_default() {
        const NginxServer* redirecting = nullptr;
        for (const NginxServer& server : servers_) {
            if (!server.is_default()) continue;
            if (!leads_to_https(server)) {
                if (!default_ || (server.has_tls() && !default_->has_tls())) default_ = &server;
            } else if (!redirecting) {
                redirecting = &server;
            }
        }
        if (default_) return;
        // nginx takes the first one of a listener; behind a redirect to https that is the first one
        // there.
        for (const NginxServer& server : servers_)
            if (!default_ && (redirecting ? server.has_tls() : !leads_to_https(server)))
                default_ = &server;
        if (!default_ && !servers_.empty())
            default_ = redirecting ? redirecting : &servers_.front();
    }

    void take_server(const NginxServer& server) {
        const bool is_default = &server == default_;
        if (refusal_of(server) != 0 && server.hosts.empty()) {
            if (!is_default)
                out_.not_needed(server.said,
                                "hosts that nobody names are refused by another server");
            return;
        }
        if (server.is_unknown && !is_default)
            return out_.not_translated(server.said, "no site can have the hosts that it is for");
        if (server.hosts.empty() && !is_default)
            return out_.not_translated(
                server.said,
                "it has no host of its own, and sites are told apart by host, not by listener");
        const auto hosts = free_hosts(server);
        if (hosts.empty() && !server.hosts.empty())
            return out_.not_translated(
                server.said, "all of its hosts have a site already, and a host has one site");
        add_site(server, hosts);
    }

    DraftSite& add_site(const NginxServer& server, const std::vector<std::string>& hosts) {
        DraftSite& site = out_.draft.sites.emplace_back();
        for (const std::string& host : hosts) {
            add_host(site, host, server.said);
            sites_[host] = &site;
        }
        server_of_[&site] = &server;
        if (&server == default_) site_of_default_ = &site;
        site.own.comment = server.hosts.empty() ? "Every host that no other site lists." : "";
        fill_site({out_, server, site, upstreams_});
        keep_to_listeners(out_, site, server, servers_);
        return site;
    }

    static void add_host(DraftSite& site, const std::string& host, const Said& said) {
        DraftLine* line = site.own.find("hosts");
        if (!line) line = &site.own.lines.emplace_back(DraftLine{"hosts", {}, {}, {}, said});
        line->items.push_back(config::toml_string(host));
    }

    std::vector<std::string> free_hosts(const NginxServer& server) {
        std::vector<std::string> hosts;
        for (const std::string& host : server.hosts) {
            if (sites_.contains(host))
                out_.contradicted(
                    server.said,
                    fmt::format("{} has a site already; sites are told apart by host, not by "
                                "listener",
                                host));
            else
                hosts.push_back(host);
        }
        return hosts;
    }

    // http://example.com leads to the same site by https.
    void take_redirecting(const NginxServer& server) {
        std::vector<std::string> others;
        for (const std::string& host : server.hosts) {
            const auto site = sites_.find(host);
            if (site != sites_.end())
                redirect(*site->second, server);
            else
                others.push_back(host);
        }
        if (server.hosts.empty() && !server.is_unknown) redirect_others(server);
        if (!others.empty() || (out_.draft.sites.empty() && &server == default_))
            add_site(server, others);
    }

    // A server without names answers for hosts that none names at its listeners: where one is
    // served by http, too, or has nothing by https, it stays as it is.
    void redirect_others(const NginxServer& server) {
        for (DraftSite& site : out_.draft.sites) {
            const auto known = server_of_.find(&site);
            if (known == server_of_.end() || !known->second->has_tls()) continue;
            const NginxServer& own = *known->second;
            const bool is_plain_too = !std::ranges::all_of(own.listens, &NginxListen::tls);
            if (!is_plain_too) redirect(site, server);
        }
    }

    void redirect(DraftSite& site, const NginxServer& server) {
        out_.put_text(site.own, "https", "redirect", server.said);
        take_renewal({out_, server, site, upstreams_});
    }

    void take_default() {
        if (!default_) return;
        const int refusal = refusal_of(*default_);
        DraftTable& server = out_.draft.server;
        if (refusal != 0 && default_->hosts.empty()) {
            if (!out_.draft.sites.empty())
                out_.put_text(server, "unknown_host", refusal == 444 ? "close" : "421",
                              default_->said);
            return;
        }
        if (default_->hosts.empty() || !site_of_default_ || refusal == 444) return;
        const DraftLine* hosts = site_of_default_->own.find("hosts");
        if (hosts && !hosts->items.empty())
            out_.put(server, "unknown_host", hosts->items.front(), default_->said);
    }

    Import& out_;
    const std::vector<NginxServer>& servers_;
    const Upstreams& upstreams_;
    const NginxServer* default_ = nullptr;
    DraftSite* site_of_default_ = nullptr;
    std::map<std::string, DraftSite*> sites_;  // by host
    std::map<const DraftSite*, const NginxServer*> server_of_;
};

// "0.0.0.0:80" and "[::]:80" are ":80".
struct Listeners {
    Import& out;
    std::map<std::string, NginxListen> by_address = {};

    void add(const NginxListen& listen) {
        NginxListen& known = by_address.emplace(listen.address, listen).first->second;
        known.tls = known.tls || listen.tls;
        known.proxy_protocol = known.proxy_protocol || listen.proxy_protocol;
        if (known.backlog.empty()) known.backlog = listen.backlog;
    }

    void join_families() {
        constexpr std::string_view kFour = "0.0.0.0:", kSix = "[::]:";
        for (auto at = by_address.begin(); at != by_address.end();) {
            const std::string port =
                at->first.starts_with(kFour) ? at->first.substr(kFour.size()) : "";
            const auto six = by_address.find(std::string(kSix) + port);
            if (port.empty() || six == by_address.end() || six->second.tls != at->second.tls) {
                ++at;
                continue;
            }
            NginxListen both = at->second;
            both.address = ":" + port;
            by_address.erase(six);
            by_address.erase(at);
            by_address.emplace(both.address, both);
            at = by_address.begin();
        }
    }

    // An address of a port that all addresses are listened on is one of those.
    [[nodiscard]] bool is_covered(const std::string& address) const {
        const auto colon = address.rfind(':');
        if (address.starts_with("unix:") || colon == std::string::npos) return false;
        const std::string port = address.substr(colon);
        for (const std::string& wide : {port, "0.0.0.0" + port, "[::]" + port})
            if (wide != address && by_address.contains(wide) &&
                (wide == port || (wide.front() == '[') == address.starts_with('[')))
                return true;
        return false;
    }

    void write() {
        join_families();
        for (const auto& [address, listen] : by_address) {
            if (is_covered(address)) {
                out.not_needed(listen.said, "another listener has this port on all addresses");
                continue;
            }
            DraftTable* const added = out.add_listener(address, listen.said);
            if (!added) continue;
            DraftTable& table = *added;
            if (listen.tls && !out.draft.certificates.empty())
                out.put(table, "tls", "true", listen.said);
            if (listen.tls && out.draft.certificates.empty())
                out.not_translated(listen.said, "it has no certificate that could be taken");
            if (listen.proxy_protocol) put_proxy_protocol(table, listen);
            put_backlog(table, listen);
        }
    }

    void put_backlog(DraftTable& table, const NginxListen& listen) {
        const bool is_number = !listen.backlog.empty() && listen.backlog.size() <= 5 &&
                               listen.backlog.find_first_not_of("0123456789") == std::string::npos;
        if (!is_number) return;
        const int backlog = std::clamp(std::stoi(listen.backlog), 1, 65535);
        out.put(table, "backlog", std::to_string(backlog), listen.said);
    }

    void put_proxy_protocol(DraftTable& table, const NginxListen& listen) {
        const DraftLine* proxies = out.draft.trust.find("proxies");
        const bool is_unix = listen.address.starts_with("unix:");
        if (!proxies || is_unix)
            return out.not_translated(
                listen.said,
                "proxy_protocol needs trust.proxies (set_real_ip_from): who may speak it");
        out.put(table, "proxy_protocol", "true", listen.said);
    }
};

}  // namespace

void take_servers(Import& out, const std::vector<NginxServer>& servers,
                  const Upstreams& upstreams) {
    Sites(out, servers, upstreams).take();
    Listeners listeners{out};
    for (const NginxServer& server : servers)
        for (const NginxListen& listen : server.listens) listeners.add(listen);
    listeners.write();
}

}  // namespace bundle::imported
