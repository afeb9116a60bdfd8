#include "shared/tls/credentials.hpp"

#include <fmt/format.h>

#include <cstdint>

#include "shared/base/file_text.hpp"
#include "shared/tls/certificate.hpp"
#include "shared/tls/private_key.hpp"
#include "shared/wire/codec.hpp"

namespace bundle {

namespace {

constexpr std::size_t kLargestFile = 4U << 20;

Result<std::string> read_file(const char* what, const std::string& path) {
    auto text = read_text_file(path, kLargestFile);
    if (!text) return failure(fmt::format("{}: {}", what, text.error().message));
    return text;
}

Result<std::string> read_password(const std::string& path) {
    if (path.empty()) return std::string();
    TRY_ASSIGN(std::string text, read_file("key_password_file", path));
    text.resize(std::min(text.find_first_of("\r\n"), text.size()));
    if (text.empty())
        return failure(fmt::format("key_password_file {} has an empty first line", path));
    return text;
}

void layout(auto& codec, auto& client_ca, auto& ticket_keys, auto& count) {
    codec.text(client_ca);
    codec.text(ticket_keys);
    codec.number(count);
}

void layout_pair(auto& codec, auto& file, auto& certificate, auto& key) {
    codec.text(file);
    codec.text(certificate);
    codec.text(key);
}

void layout_all(auto& codec, const Credentials& credentials) {
    const auto count = static_cast<std::uint32_t>(credentials.certificates.size());
    layout(codec, credentials.client_ca, credentials.ticket_keys, count);
    for (const Credential& pair : credentials.certificates)
        layout_pair(codec, pair.certificate_file, pair.certificate, pair.key);
}

}  // namespace

Result<Credential> read_credential(const CertificateConfig& files) {
    TRY_ASSIGN(std::string chain, read_file("certificate", files.certificate));
    TRY_ASSIGN(const std::string key_text, read_file("key", files.key));
    TRY_ASSIGN(const std::string password, read_password(files.key_password_file));
    const auto certificate = parse_certificate(chain);
    if (!certificate)
        return failure(
            fmt::format("certificate {} {}", files.certificate, certificate.error().message));
    const auto key = parse_private_key(key_text, password);
    if (!key) return failure(fmt::format("key {} {}", files.key, key.error().message));
    if (X509_check_private_key(certificate->leaf.get(), key->get()) != 1)
        return failure(
            fmt::format("key {} does not belong to certificate {}", files.key, files.certificate));
    return Credential{files.certificate, std::move(chain), private_key_pem(**key)};
}

Result<std::string> read_client_ca(const std::string& path) {
    TRY_ASSIGN(std::string text, read_file("client_ca", path));
    if (const auto first = parse_certificate(text); !first)
        return failure(fmt::format("client_ca {} {}", path, first.error().message));
    return text;
}

Result<std::string> read_ticket_keys(const std::string& path) {
    TRY_ASSIGN(std::string keys, read_file("ticket_key_file", path));
    if (keys.empty() || keys.size() % kTicketKeySize != 0)
        return failure(
            fmt::format("ticket_key_file {} has {} bytes; it must be keys of {} bytes each, made "
                        "with: openssl rand {}",
                        path, keys.size(), kTicketKeySize, kTicketKeySize));
    return keys;
}

Result<Credentials> read_credentials(const Config& config) {
    Credentials credentials;
    if (!config.speaks_tls()) return credentials;
    const TlsConfig& tls = config.tls;
    for (const CertificateConfig& files : tls.certificates) {
        TRY_ASSIGN(Credential pair, read_credential(files));
        credentials.certificates.push_back(std::move(pair));
    }
    if (config.asks_for_client_certificates()) {
        TRY_ASSIGN(credentials.client_ca, read_client_ca(tls.client_ca));
    }
    if (tls.session_tickets && !tls.ticket_key_file.empty()) {
        TRY_ASSIGN(credentials.ticket_keys, read_ticket_keys(tls.ticket_key_file));
    }
    return credentials;
}

std::string encode_credentials(const Credentials& credentials) {
    wire::Measure measure;
    layout_all(measure, credentials);
    std::string bytes(measure.size(), '\0');
    wire::Writer writer(bytes.data());
    layout_all(writer, credentials);
    return bytes;
}

Result<Credentials> decode_credentials(std::string_view bytes) {
    wire::Reader reader(bytes);
    std::string_view client_ca;
    std::string_view ticket_keys;
    std::uint32_t count = 0;
    layout(reader, client_ca, ticket_keys, count);
    Credentials credentials{{}, std::string(client_ca), std::string(ticket_keys)};
    for (std::uint32_t i = 0; i < count && reader.good(); ++i) {
        std::string_view file;
        std::string_view certificate;
        std::string_view key;
        layout_pair(reader, file, certificate, key);
        credentials.certificates.push_back(
            {std::string(file), std::string(certificate), std::string(key)});
    }
    if (!reader.finished()) return failure("the credentials from the master are malformed");
    return credentials;
}

}  // namespace bundle
