#include "frontend/tls/client_certificate.hpp"

#include <fmt/format.h>
#include <openssl/bn.h>
#include <openssl/pem.h>

#include <array>
#include <memory>

#include "shared/base/check.hpp"

namespace bundle {

namespace {

template <typename Write>
std::string written(Write write) {
    const BioPtr memory(BIO_new(BIO_s_mem()));
    BUNDLE_CHECK(memory != nullptr);
    write(memory.get());
    return text_of(memory.get());
}

std::string text_of_name(const X509_NAME* name) {
    return written([name](BIO* into) {
        X509_NAME_print_ex(into, name, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB);
    });
}

std::string common_name_of(const X509_NAME* name) {
    const int at = X509_NAME_get_index_by_NID(name, NID_commonName, -1);
    if (at < 0) return {};
    return written([&](BIO* into) {
        ASN1_STRING_print_ex(into, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at)),
                             ASN1_STRFLGS_UTF8_CONVERT | ASN1_STRFLGS_ESC_CTRL);
    });
}

std::string fingerprint_of(const X509* certificate) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    if (X509_digest(certificate, EVP_sha1(), digest.data(), &size) != 1) return {};
    std::string text;
    for (unsigned i = 0; i < size; ++i)
        fmt::format_to(std::back_inserter(text), "{:02x}", digest[i]);
    return text;
}

}  // namespace

ClientCertificate client_certificate(const SSL& ssl) {
    X509* const shown = SSL_get0_peer_certificate(&ssl);
    if (shown == nullptr) return {};
    ClientCertificate facts;
    facts.shown = true;
    const X509_NAME* const subject = X509_get_subject_name(shown);
    facts.subject = text_of_name(subject);
    facts.issuer = text_of_name(X509_get_issuer_name(shown));
    facts.common_name = common_name_of(subject);
    facts.serial =
        written([&](BIO* into) { i2a_ASN1_INTEGER(into, X509_get0_serialNumber(shown)); });
    facts.begins = written([&](BIO* into) { ASN1_TIME_print(into, X509_get0_notBefore(shown)); });
    facts.ends = written([&](BIO* into) { ASN1_TIME_print(into, X509_get0_notAfter(shown)); });
    facts.fingerprint = fingerprint_of(shown);
    facts.pem = written([&](BIO* into) { PEM_write_bio_X509(into, shown); });
    return facts;
}

void append_variables(const ClientCertificate& certificate, Headers& into) {
    into.push_back({"SSL_CLIENT_VERIFY", certificate.shown ? "SUCCESS" : "NONE"});
    if (!certificate.shown) return;
    into.push_back({"SSL_CLIENT_S_DN", certificate.subject});
    into.push_back({"SSL_CLIENT_I_DN", certificate.issuer});
    into.push_back({"SSL_CLIENT_S_DN_CN", certificate.common_name});
    into.push_back({"SSL_CLIENT_M_SERIAL", certificate.serial});
    into.push_back({"SSL_CLIENT_V_START", certificate.begins});
    into.push_back({"SSL_CLIENT_V_END", certificate.ends});
    into.push_back({"SSL_CLIENT_FINGERPRINT", certificate.fingerprint});
    into.push_back({"SSL_CLIENT_CERT", certificate.pem});
}

}  // namespace bundle
