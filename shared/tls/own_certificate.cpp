#include "shared/tls/own_certificate.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <array>

#include "shared/base/file_text.hpp"
#include "shared/base/owned_fd.hpp"
#include "shared/tls/certificate.hpp"
#include "shared/tls/openssl.hpp"
#include "shared/tls/private_key.hpp"

namespace bundle {

namespace fs = std::filesystem;

namespace {

using ExtensionPtr = std::unique_ptr<X509_EXTENSION, FreeWith<X509_EXTENSION_free>>;
using std::chrono::hours;
using std::chrono::system_clock;

constexpr hours kDay{24};
// Browsers take no certificate that is good for longer than 398 days.
constexpr hours kLifetime{397 * kDay};
constexpr hours kRenewBefore{30 * kDay};

struct Pair {
    std::string certificate;
    std::string key;
};

bool add_extension(X509* certificate, int kind, const char* value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
    const ExtensionPtr extension(X509V3_EXT_conf_nid(nullptr, &context, kind, value));
    return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

bool set_names(X509* certificate) {
    X509_NAME* const name = X509_get_subject_name(certificate);
    const auto* const text = reinterpret_cast<const unsigned char*>("bundle: localhost");
    return X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, text, -1, -1, 0) == 1 &&
           X509_set_issuer_name(certificate, name) == 1 &&
           add_extension(certificate, NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1,IP:::1") &&
           // It vouches for nobody else: who trusts it trusts this one key.
           add_extension(certificate, NID_basic_constraints, "critical,CA:FALSE") &&
           add_extension(certificate, NID_key_usage, "critical,digitalSignature") &&
           add_extension(certificate, NID_ext_key_usage, "serverAuth");
}

bool set_serial_and_times(X509* certificate, system_clock::time_point now) {
    std::array<unsigned char, 8> random{};
    if (RAND_bytes(random.data(), random.size()) != 1) return false;
    std::uint64_t serial = 0;
    for (const unsigned char byte : random) serial = serial << 8 | byte;
    ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), serial >> 1 | 1);
    const auto set = [](ASN1_TIME* time, system_clock::time_point moment) {
        return ASN1_TIME_set(time, system_clock::to_time_t(moment)) != nullptr;
    };
    return set(X509_getm_notBefore(certificate), now - kDay) &&
           set(X509_getm_notAfter(certificate), now - kDay + kLifetime);
}

Result<Pair> make_pair(system_clock::time_point now) {
    const PrivateKeyPtr key(EVP_EC_gen("P-256"));
    const X509Ptr made(X509_new());
    X509* const certificate = made.get();
    const bool well = key && made && X509_set_version(certificate, X509_VERSION_3) == 1 &&
                      set_serial_and_times(certificate, now) &&
                      X509_set_pubkey(certificate, key.get()) == 1 && set_names(certificate) &&
                      X509_sign(certificate, key.get(), EVP_sha256()) != 0;
    if (!well) return failure("make a certificate for localhost: " + openssl_reason());
    const BioPtr memory(BIO_new(BIO_s_mem()));
    PEM_write_bio_X509(memory.get(), certificate);
    return Pair{text_of(memory.get()), private_key_pem(*key)};
}

Result<void> write_anew(const fs::path& path, const std::string& text, mode_t mode) {
    const fs::path draft = path.native() + ".new";
    unlink(draft.c_str());
    const OwnedFd file(open(draft.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode));
    if (!file || write(file.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()) ||
        rename(draft.c_str(), path.c_str()) != 0)
        return system_failure("write " + path.native());
    return {};
}

std::string fingerprint_of(const X509* certificate) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    X509_digest(certificate, EVP_sha256(), digest.data(), &size);
    std::string text;
    for (unsigned i = 0; i < size; ++i)
        text += fmt::format("{}{:02X}", i == 0 ? "" : ":", digest.at(i));
    return text;
}

// "" when it cannot be used any more.
std::string fingerprint_of_kept(const OwnCertificate& kept, system_clock::time_point now) {
    const auto pem = read_text_file(kept.certificate);
    const auto key_pem = read_text_file(kept.key);
    if (!pem || !key_pem) return {};
    const auto certificate = parse_certificate(*pem);
    const auto key = parse_private_key(*key_pem, {});
    const bool fits = certificate && key && certificate->not_after - now > kRenewBefore &&
                      X509_check_private_key(certificate->leaf.get(), key->get()) == 1;
    return fits ? fingerprint_of(certificate->leaf.get()) : "";
}

}  // namespace

Result<fs::path> own_certificate_folder(const std::map<std::string, std::string>& environment) {
    const auto folder = [&](const char* variable) {
        const auto found = environment.find(variable);
        return found != environment.end() && found->second.starts_with('/')
                   ? fs::path(found->second)
                   : fs::path();
    };
    if (const fs::path data = folder("XDG_DATA_HOME"); !data.empty()) return data / "bundle";
    if (const fs::path home = folder("HOME"); !home.empty()) return home / ".local/share/bundle";
    return failure("there is no place to keep a certificate: set HOME or XDG_DATA_HOME");
}

Result<OwnCertificate> own_certificate_in(const fs::path& folder, system_clock::time_point now) {
    OwnCertificate own{folder / "localhost.crt", folder / "localhost.key", {}};
    own.fingerprint = fingerprint_of_kept(own, now);
    if (!own.fingerprint.empty()) return own;
    std::error_code error;
    fs::create_directories(folder, error);
    if (error) return failure(fmt::format("create {}: {}", folder.native(), error.message()));
    TRY_ASSIGN(const Pair pair, make_pair(now));
    TRY(write_anew(own.key, pair.key, 0600));
    TRY(write_anew(own.certificate, pair.certificate, 0644));
    own.fingerprint = fingerprint_of_kept(own, now);
    return own;
}

}  // namespace bundle
