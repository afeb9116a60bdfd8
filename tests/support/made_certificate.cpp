#include "tests/support/made_certificate.hpp"

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <atomic>

#include "shared/base/check.hpp"
#include "shared/tls/certificate.hpp"
#include "shared/tls/openssl.hpp"
#include "shared/tls/private_key.hpp"

namespace bundle {

namespace {

using ExtensionPtr = std::unique_ptr<X509_EXTENSION, FreeWith<X509_EXTENSION_free>>;

constexpr long kDay = 24L * 60 * 60;

void add_extension(X509* certificate, int nid, const std::string& value) {
    const ExtensionPtr extension(X509V3_EXT_conf_nid(nullptr, nullptr, nid, value.c_str()));
    BUNDLE_CHECK(extension && X509_add_ext(certificate, extension.get(), -1) == 1);
}

void add_names(X509* certificate, const std::vector<std::string>& names) {
    std::string list;
    for (const std::string& name : names) list += (list.empty() ? "DNS:" : ",DNS:") + name;
    if (!list.empty()) add_extension(certificate, NID_subject_alt_name, list);
}

void sign(X509* certificate, EVP_PKEY* own, const MadeCertificate* issuer) {
    if (issuer == nullptr) {
        X509_set_issuer_name(certificate, X509_get_subject_name(certificate));
        add_extension(certificate, NID_basic_constraints, "CA:TRUE");
        BUNDLE_CHECK(X509_sign(certificate, own, EVP_sha256()) != 0);
        return;
    }
    const auto authority = parse_certificate(issuer->certificate);
    const auto key = parse_private_key(issuer->key, {});
    X509_set_issuer_name(certificate, X509_get_subject_name(authority->leaf.get()));
    BUNDLE_CHECK(X509_sign(certificate, key->get(), EVP_sha256()) != 0);
}

}  // namespace

MadeCertificate make_certificate(const CertificateWish& wish) {
    static std::atomic<long> serial = 1;
    const PrivateKeyPtr key(wish.rsa ? EVP_RSA_gen(2048) : EVP_EC_gen("P-256"));
    const X509Ptr certificate(X509_new());
    BUNDLE_CHECK(key && certificate);
    X509* const raw = certificate.get();
    X509_set_version(raw, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(raw), ++serial);
    X509_gmtime_adj(X509_getm_notBefore(raw), wish.days_from * kDay);
    X509_gmtime_adj(X509_getm_notAfter(raw), wish.days_to * kDay);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(raw), "CN", MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>(wish.common_name.c_str()), -1,
                               -1, 0);
    X509_set_pubkey(raw, key.get());
    add_names(raw, wish.names);
    sign(raw, key.get(), wish.issuer);
    const BioPtr memory(BIO_new(BIO_s_mem()));
    PEM_write_bio_X509(memory.get(), raw);
    return {text_of(memory.get()), private_key_pem(*key)};
}

std::string encrypted_key(const MadeCertificate& made, const std::string& password) {
    const auto key = parse_private_key(made.key, {});
    const BioPtr memory(BIO_new(BIO_s_mem()));
    BUNDLE_CHECK(PEM_write_bio_PKCS8PrivateKey(memory.get(), key->get(), EVP_aes_256_cbc(),
                                               password.data(), static_cast<int>(password.size()),
                                               nullptr, nullptr) == 1);
    return text_of(memory.get());
}

}  // namespace bundle
