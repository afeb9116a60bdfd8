#include "shared/config/tls_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace bundle::config {

namespace {

class TlsRules {
  public:
    TlsRules(const Config& config, const Origins& origins, Problems& problems)
        : config_(config), origins_(origins), problems_(problems) {}

    void check() {
        for (std::size_t i = 0; i < config_.tls.certificates.size(); ++i) check_certificate(i);
        for (std::size_t i = 0; i < config_.listen.size(); ++i) check_listener(i);
        check_profile();
        if (config_.tls.client_verify != ClientVerify::Off && config_.tls.client_ca.empty())
            complain("tls.client_verify",
                     "tls.client_verify wants certificates of clients, but there is no "
                     "tls.client_ca to judge them by");
        for (std::size_t i = 0; i < config_.sites.size(); ++i) check_site(i);
    }

  private:
    void complain(const std::string& name, std::string text) {
        if (!problems_.is_unusable(name))
            problems_.add(nearest_origin(origins_, name), std::move(text));
    }

    void check_certificate(std::size_t index) {
        const std::string name = fmt::format("tls.certificate.{}", index);
        const CertificateConfig& pair = config_.tls.certificates[index];
        const auto needs = [&](const char* what, const std::string& path) {
            if (path.empty() && !problems_.is_unusable(fmt::format("{}.{}", name, what)))
                complain(name, fmt::format("{} has no {}; both files are needed, and the {} may "
                                           "stand in the same one",
                                           name, what, what));
        };
        needs("certificate", pair.certificate);
        needs("key", pair.key);
    }

    void check_site(std::size_t index) {
        const std::string name = fmt::format("site.{}.client_verify", index);
        const ClientVerify verify = config_.sites[index].client_verify;
        if (verify != ClientVerify::Off && origins_.contains(name) && config_.tls.client_ca.empty())
            complain(name, fmt::format("{} wants certificates of clients, but there is no "
                                       "tls.client_ca to judge them by",
                                       name));
    }

    void check_listener(std::size_t index) {
        const ListenConfig& listener = config_.listen[index];
        const std::string name = fmt::format("listen.{}", index);
        if (listener.tls && config_.tls.certificates.empty() &&
            !problems_.is_unusable("tls.certificate"))
            complain(name + ".tls",
                     fmt::format("{}.tls is true, but there is no certificate; write "
                                 "[[tls.certificate]] with certificate and key",
                                 name));
        const bool speaks_http2 =
            std::ranges::find(listener.protocols, "h2") != listener.protocols.end();
        if (speaks_http2 && !listener.tls && config_.trust.proxies.empty())
            complain(name + ".protocols",
                     fmt::format("{}.protocols has \"h2\" without tls: only trust.proxies may "
                                 "speak it, and there are none",
                                 name));
        if (std::ranges::find(listener.protocols, "http/1.1") == listener.protocols.end())
            complain(
                name + ".protocols",
                fmt::format("{}.protocols has no \"http/1.1\", which every listener speaks", name));
    }

    void check_profile() {
        if (config_.tls.profile == TlsProfile::Custom) return;
        const auto only_of_custom = [&](const char* option, const std::string& value) {
            const std::string name = fmt::format("tls.{}", option);
            if (!value.empty())
                complain(name,
                         fmt::format("{} has a meaning with tls.profile = \"custom\" only", name));
        };
        only_of_custom("ciphers", config_.tls.ciphers);
        only_of_custom("ciphersuites", config_.tls.ciphersuites);
        only_of_custom("groups", config_.tls.groups);
    }

    const Config& config_;
    const Origins& origins_;
    Problems& problems_;
};

}  // namespace

void check_tls_rules(const Config& config, const Origins& origins, Problems& problems) {
    TlsRules(config, origins, problems).check();
}

std::vector<std::string> tls_doubts(const Config& config, const Origins& origins) {
    std::vector<std::string> found;
    const auto doubt = [&](const std::string& option, std::string_view what) {
        found.push_back(
            fmt::format("{}: {} {}", nearest_origin(origins, option).place(), option, what));
    };
    const TlsConfig& tls = config.tls;
    if (!tls.certificates.empty() && !config.speaks_tls())
        found.push_back(fmt::format(
            "{}: tls.certificate is shown to nobody, because no [[listen]] has tls = true",
            nearest_origin(origins, "tls.certificate.0").place()));
    if (!tls.ticket_key_file.empty() && !tls.session_tickets)
        doubt("tls.ticket_key_file", "is not used, because tls.session_tickets is false");
    if (!tls.client_ca.empty() && !config.asks_for_client_certificates())
        doubt("tls.client_ca", "is not used, because tls.client_verify is \"off\"");
    const bool speaks_plain = !std::ranges::all_of(config.listen, &ListenConfig::tls);
    for (std::size_t i = 0; speaks_plain && i < config.sites.size(); ++i) {
        const SiteConfig& site = config.sites[i];
        if (site.client_verify == ClientVerify::Require && site.https == HttpsMode::Off)
            doubt(fmt::format("site.{}.client_verify", i),
                  "is \"require\", but whoever comes by plain HTTP shows no certificate; "
                  "https = \"redirect\" leads them to TLS");
    }
    return found;
}

}  // namespace bundle::config
