// A certificate as we need it: which names it is for, how long, and what kind of key it has.
#pragma once
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/result.hpp"
#include "shared/tls/openssl.hpp"

namespace bundle {

enum class KeyKind : std::uint8_t { Rsa, Ecdsa, Other };
inline constexpr std::size_t kKeyKinds = 3;

struct Certificate {
    X509Ptr leaf;
    std::vector<X509Ptr> chain;      // what follows it
    std::vector<std::string> names;  // lower-case, "*.example.com" among them; of the SAN, else CN
    std::chrono::system_clock::time_point not_before;
    std::chrono::system_clock::time_point not_after;
    KeyKind kind = KeyKind::Other;

    // Whether it is for that name, which is lower-case.
    [[nodiscard]] bool covers(std::string_view name) const;
};

// An error ends a sentence that begins with the name of the file.
Result<Certificate> parse_certificate(std::string_view pem);

// "www.example.com" -> "*.example.com"; "" when there is none: a wildcard stands for one label.
std::string wildcard_of(std::string_view name);

std::string date_text(std::chrono::system_clock::time_point moment);  // "2026-11-26"

// The end of a sentence: "expired on 2026-11-01", "expires on 2026-12-01, in 5 days", "is not valid
// before 2027-01-01"; "" when there is nothing to say.
std::string validity_warning(const Certificate& certificate,
                             std::chrono::system_clock::time_point now);

}  // namespace bundle
