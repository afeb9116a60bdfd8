#include "shared/tls/tls_check.hpp"

#include <fmt/format.h>

#include <chrono>
#include <set>
#include <utility>

#include "shared/routing/host_name.hpp"
#include "shared/tls/certificate.hpp"
#include "shared/tls/credentials.hpp"
#include "shared/tls/server_context.hpp"

namespace bundle::config {

namespace {

class TlsFiles {
  public:
    TlsFiles(const Config& config, const Origins& origins, Problems& problems)
        : config_(config), origins_(origins), problems_(problems) {}

    std::vector<std::string> check() {
        for (std::size_t i = 0; i < config_.tls.certificates.size(); ++i) check_certificate(i);
        std::string client_ca;
        if (config_.asks_for_client_certificates() && !config_.tls.client_ca.empty())
            client_ca = value_or_problem("tls.client_ca", read_client_ca(config_.tls.client_ca));
        if (!config_.tls.ticket_key_file.empty())
            value_or_problem("tls.ticket_key_file", read_ticket_keys(config_.tls.ticket_key_file));
        if (!problems_.empty()) return std::move(warnings_);
        if (const auto made = make_server_context(config_.tls, {}, client_ca); !made)
            problems_.add(nearest_origin(origins_, "tls"), made.error().message);
        for (std::size_t i = 0; i < config_.sites.size(); ++i) check_hosts(i);
        return std::move(warnings_);
    }

  private:
    std::string value_or_problem(const std::string& option, Result<std::string> result) {
        if (result) return std::move(*result);
        problems_.add(nearest_origin(origins_, option), result.error().message);
        return {};
    }

    void check_certificate(std::size_t index) {
        const CertificateConfig& files = config_.tls.certificates[index];
        const std::string option = fmt::format("tls.certificate.{}.certificate", index);
        if (files.certificate.empty() || files.key.empty()) return;  // a rule has complained
        const auto pair = read_credential(files).and_then(parse_key_pair);
        if (!pair) return problems_.add(nearest_origin(origins_, option), pair.error().message);
        const KeyPair* const alone = &*pair;
        TlsConfig usual = config_.tls;  // only the certificate is judged here
        usual.ciphers = usual.ciphersuites = usual.groups = {};
        if (const auto used = make_server_context(usual, {&alone, 1}, {}); !used)
            return problems_.add(nearest_origin(origins_, option), used.error().message);
        names_.insert(pair->certificate.names.begin(), pair->certificate.names.end());
        const std::string warning =
            validity_warning(pair->certificate, std::chrono::system_clock::now());
        if (!warning.empty())
            warnings_.push_back(fmt::format("{}: certificate {} {}",
                                            nearest_origin(origins_, option).place(),
                                            files.certificate, warning));
    }

    // A site that is meant for plain HTTP alone may stand beside others.
    void check_hosts(std::size_t index) {
        const std::string option = fmt::format("site.{}.hosts", index);
        for (const std::string& host : config_.sites[index].hosts) {
            const HostName known(host);
            const std::string name(known.view());
            const bool is_address =
                name.find_last_not_of("0123456789.") == std::string::npos || name.ends_with(']');
            if (is_address || names_.contains(name) || names_.contains(wildcard_of(name))) continue;
            warnings_.push_back(
                fmt::format("{}: {} has {}, for which there is no certificate: browsers will not "
                            "go there by https",
                            nearest_origin(origins_, option).place(), option, host));
        }
    }

    const Config& config_;
    const Origins& origins_;
    Problems& problems_;
    std::set<std::string> names_;  // of all certificates
    std::vector<std::string> warnings_;
};

}  // namespace

std::vector<std::string> check_tls(const Config& config, const Origins& origins,
                                   Problems& problems) {
    if (!config.speaks_tls()) return {};
    return TlsFiles(config, origins, problems).check();
}

}  // namespace bundle::config
