// The options of [tls], see options.hpp.
#pragma once
#include <array>
#include <chrono>
#include <string_view>
#include <tuple>

#include "shared/config/config.hpp"
#include "shared/config/option/option.hpp"

namespace bundle::config {

inline constexpr std::array<std::string_view, 2> kUnknownNameWords = {"default", "reject"};
inline constexpr std::array<std::string_view, 3> kTlsProfileWords = {"intermediate", "modern",
                                                                     "custom"};
inline constexpr std::array<std::string_view, 2> kTlsVersionWords = {"1.2", "1.3"};
inline constexpr std::array<std::string_view, 3> kClientVerifyWords = {"off", "optional",
                                                                       "require"};

inline constexpr std::tuple kCertificateOptions{
    option("certificate", &CertificateConfig::certificate, Path({.empty = "must be given"}),
           "A PEM file: the certificate, followed by those between it and the root that clients "
           "know (\"fullchain.pem\"). Its names (SAN) decide for which server names it is shown."),
    option("key", &CertificateConfig::key, Path({.empty = "must be given"}),
           "The private key that goes with it, in PEM. Only the master reads it: root may be the "
           "only one who can."),
    option("key_password_file", &CertificateConfig::key_password_file, Path({.empty = "none"}),
           "The first line of this file decrypts the key."),
};

inline constexpr std::tuple kTlsOptions{
    option("unknown_name", &TlsConfig::unknown_name, Word(UnknownName::Default, kUnknownNameWords),
           "What a client gets that asks for a server name of no certificate, or for none: the "
           "first certificate, or the alert unrecognized_name."),
    option("profile", &TlsConfig::profile, Word(TlsProfile::Intermediate, kTlsProfileWords),
           "Mozilla's recommendations: \"intermediate\" for clients of the last ten years (TLS 1.2 "
           "with forward secrecy and AEAD, TLS 1.3), \"modern\" for TLS 1.3 alone; or \"custom\"."),
    option("ciphers", &TlsConfig::ciphers, Line({.empty = "as in \"intermediate\""}),
           "Ciphers of TLS 1.2 in OpenSSL's names, with profile \"custom\"."),
    option("ciphersuites", &TlsConfig::ciphersuites, Line({.empty = "as in \"intermediate\""}),
           "Ciphers of TLS 1.3, likewise."),
    option("groups", &TlsConfig::groups, Line({.empty = "as in \"intermediate\""}),
           "Groups for the key exchange, such as \"X25519:prime256v1\", likewise."),
    option("min_version", &TlsConfig::min_version, Word(TlsVersion::Tls12, kTlsVersionWords),
           "The oldest version of TLS that is spoken. Profile \"modern\" speaks none before 1.3."),
    option("session_tickets", &TlsConfig::session_tickets, Flag(true),
           "Clients that come back within two hours are spared the full handshake. The keys of the "
           "tickets never leave memory and are replaced every 12 hours."),
    option("ticket_key_file", &TlsConfig::ticket_key_file, Path({.empty = "none"}),
           "Keys of tickets that several machines share, 80 random bytes each (openssl rand 80); "
           "the first one makes tickets, the others are only accepted."),
    option("handshake_timeout", &TlsConfig::handshake_timeout, std::chrono::seconds(10),
           {std::chrono::milliseconds(100), std::chrono::minutes(10)},
           "Time a client has for the handshake; then it is closed."),
    option("client_ca", &TlsConfig::client_ca, Path({.empty = "none"}),
           "A PEM file with the authorities whose certificates clients may show."),
    option("client_verify", &TlsConfig::client_verify, Word(ClientVerify::Off, kClientVerifyWords),
           "Whether clients are asked for a certificate, and whether they need one. What they "
           "show has to be valid either way; the application finds it in SSL_CLIENT_..."),
    tables("certificate", &TlsConfig::certificates, kCertificateOptions,
           "A certificate with its key. Several are chosen by server name; RSA and ECDSA may stand "
           "side by side for the same names."),
};

}  // namespace bundle::config
