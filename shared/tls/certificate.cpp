#include "shared/tls/certificate.hpp"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <ctime>

namespace bundle {

namespace {

using std::chrono::system_clock;

// Renewal is due long before; who has not done it by then has forgotten it.
constexpr std::chrono::hours kWarnBefore{21 * 24};

using NamesPtr = std::unique_ptr<GENERAL_NAMES, FreeWith<GENERAL_NAMES_free>>;

std::string lower_case(std::string_view text) {
    std::string lower(text);
    for (char& c : lower)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
    return lower;
}

std::string_view view_of(const ASN1_STRING* text) {
    return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
            static_cast<std::size_t>(ASN1_STRING_length(text))};
}

std::vector<std::string> names_of(X509* leaf) {
    std::vector<std::string> names;
    const NamesPtr alternatives(static_cast<GENERAL_NAMES*>(
        X509_get_ext_d2i(leaf, NID_subject_alt_name, nullptr, nullptr)));
    for (int i = 0; i < sk_GENERAL_NAME_num(alternatives.get()); ++i) {
        const GENERAL_NAME* name = sk_GENERAL_NAME_value(alternatives.get(), i);
        if (name->type == GEN_DNS) names.push_back(lower_case(view_of(name->d.dNSName)));
    }
    if (alternatives) return names;
    X509_NAME* const subject = X509_get_subject_name(leaf);
    const int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
    if (at >= 0) {
        const auto* entry = X509_NAME_get_entry(subject, at);
        names.push_back(lower_case(view_of(X509_NAME_ENTRY_get_data(entry))));
    }
    return names;
}

system_clock::time_point moment_of(const ASN1_TIME* time) {
    std::tm parts{};
    if (ASN1_TIME_to_tm(time, &parts) != 1) return {};
    return system_clock::from_time_t(timegm(&parts));
}

KeyKind kind_of(X509* leaf) {
    switch (EVP_PKEY_get_base_id(X509_get0_pubkey(leaf))) {
        case EVP_PKEY_RSA:
        case EVP_PKEY_RSA_PSS:
            return KeyKind::Rsa;
        case EVP_PKEY_EC:
            return KeyKind::Ecdsa;
        default:
            return KeyKind::Other;
    }
}

}  // namespace

bool Certificate::covers(std::string_view name) const {
    const std::string wildcard = wildcard_of(name);
    return std::ranges::any_of(names, [&](const std::string& own) {
        return own == name || (!wildcard.empty() && own == wildcard);
    });
}

Result<Certificate> parse_certificate(std::string_view pem) {
    const BioPtr bio = reading_from(pem);
    Certificate certificate;
    ERR_clear_error();
    certificate.leaf.reset(PEM_read_bio_X509_AUX(bio.get(), nullptr, nullptr, nullptr));
    if (!certificate.leaf) {
        const std::string reason = openssl_reason();
        if (pem.find("-----BEGIN CERTIFICATE-----") != std::string_view::npos)
            return failure("holds a certificate that cannot be read: " + reason);
        if (pem.find("PRIVATE KEY-----") != std::string_view::npos)
            return failure("holds a private key and no certificate; were the two exchanged?");
        return failure("holds no certificate in PEM form (\"-----BEGIN CERTIFICATE-----\")");
    }
    while (X509* next = PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr))
        certificate.chain.emplace_back(next);
    ERR_clear_error();
    X509* const leaf = certificate.leaf.get();
    if (X509_get0_pubkey(leaf) == nullptr)
        return failure("holds a certificate whose public key cannot be read: " + openssl_reason());
    certificate.names = names_of(leaf);
    certificate.not_before = moment_of(X509_get0_notBefore(leaf));
    certificate.not_after = moment_of(X509_get0_notAfter(leaf));
    certificate.kind = kind_of(leaf);
    return certificate;
}

std::string wildcard_of(std::string_view name) {
    const std::size_t dot = name.find('.');
    if (dot == std::string_view::npos || dot == 0) return {};
    return "*" + std::string(name.substr(dot));
}

std::string date_text(system_clock::time_point moment) {
    const std::time_t seconds = system_clock::to_time_t(moment);
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    return fmt::format("{:04}-{:02}-{:02}", parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday);
}

std::string validity_warning(const Certificate& certificate, system_clock::time_point now) {
    if (now < certificate.not_before)
        return "is not valid before " + date_text(certificate.not_before);
    if (now >= certificate.not_after) return "expired on " + date_text(certificate.not_after);
    const auto left = certificate.not_after - now;
    if (left >= kWarnBefore) return {};
    const auto days = std::chrono::duration_cast<std::chrono::hours>(left).count() / 24;
    return fmt::format("expires on {}, in {} day{}", date_text(certificate.not_after), days,
                       days == 1 ? "" : "s");
}

}  // namespace bundle
