// Certificates and keys for unit tests, made on the spot.
#pragma once
#include <string>
#include <vector>

namespace bundle {

struct MadeCertificate {
    std::string certificate;  // PEM
    std::string key;          // PEM, not encrypted
};

struct CertificateWish {
    std::vector<std::string> names{};  // DNS names of its SAN; empty: no SAN
    std::string common_name = "test";
    bool rsa = false;  // else ECDSA
    int days_from = -1;
    int days_to = 90;
    const MadeCertificate* issuer = nullptr;  // none: it signs itself
};

MadeCertificate make_certificate(const CertificateWish& wish);
// The key of `made`, encrypted with `password`.
std::string encrypted_key(const MadeCertificate& made, const std::string& password);

}  // namespace bundle
