// A certificate that signs itself, for this machine alone: what `bundle serve --dev-tls` shows.
#pragma once
#include <chrono>
#include <filesystem>
#include <map>
#include <string>

#include "shared/base/result.hpp"

namespace bundle {

struct OwnCertificate {
    std::filesystem::path certificate;  // PEM, for localhost, 127.0.0.1 and ::1
    std::filesystem::path key;          // PEM, readable for its owner alone
    std::string fingerprint;            // SHA-256, "AB:CD:..."
};

// Where it is kept from run to run: bundle/ in XDG_DATA_HOME or ~/.local/share.
Result<std::filesystem::path> own_certificate_folder(
    const std::map<std::string, std::string>& environment);

// Made when it is not there, cannot be read, or soon ends.
Result<OwnCertificate> own_certificate_in(const std::filesystem::path& folder,
                                          std::chrono::system_clock::time_point now);

}  // namespace bundle
