// What the front needs to speak TLS, as text: read by the master, which may read keys that nobody
// else may, and handed over in sealed memory. Never printed, never logged.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/result.hpp"
#include "shared/config/config.hpp"

namespace bundle {

// One [[tls.certificate]]; PEM, the key decrypted. They belong together.
struct Credential {
    std::string certificate_file;  // for messages
    std::string certificate;
    std::string key;
    bool operator==(const Credential&) const = default;
};

struct Credentials {
    std::vector<Credential> certificates;
    std::string client_ca;    // PEM; empty: none
    std::string ticket_keys;  // kTicketKeySize bytes each; empty: keys of our own
    bool operator==(const Credentials&) const = default;
};

inline constexpr std::size_t kTicketKeySize = 80;

// Reads and checks one pair: "certificate /etc/a.pem holds no certificate in PEM form".
Result<Credential> read_credential(const CertificateConfig& files);
Result<std::string> read_client_ca(const std::string& path);
Result<std::string> read_ticket_keys(const std::string& path);
// All that `config` names; nothing when no listener speaks TLS.
Result<Credentials> read_credentials(const Config& config);

std::string encode_credentials(const Credentials& credentials);
Result<Credentials> decode_credentials(std::string_view bytes);

}  // namespace bundle
