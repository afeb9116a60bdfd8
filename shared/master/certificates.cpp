#include "shared/master/certificates.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/sha.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "shared/base/file_text.hpp"
#include "shared/base/log.hpp"
#include "shared/master/launch.hpp"
#include "shared/tls/certificate.hpp"
#include "shared/tls/credentials.hpp"
#include "shared/tls/server_context.hpp"

namespace bundle {

namespace {

constexpr std::chrono::hours kTellEvery{24};

struct Sealed {
    OwnedFd memory;
    std::string digest;
};

std::string digest_of(const std::string& text) {
    std::string digest(SHA256_DIGEST_LENGTH, '\0');
    SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(),
           reinterpret_cast<unsigned char*>(digest.data()));
    return digest;
}

Result<Sealed> seal(const Credentials& credentials) {
    std::string text = encode_credentials(credentials);
    std::string digest = digest_of(text);
    auto memory = sealed_text(text);
    OPENSSL_cleanse(text.data(), text.size());
    if (!memory) return tl::unexpected(memory.error());
    return Sealed{std::move(*memory), std::move(digest)};
}

std::vector<std::string> files_of(const Config& config) {
    std::vector<std::string> files;
    const TlsConfig& tls = config.tls;
    if (!config.speaks_tls()) return files;
    for (const CertificateConfig& pair : tls.certificates)
        files.insert(files.end(), {pair.certificate, pair.key, pair.key_password_file});
    files.insert(files.end(), {tls.client_ca, tls.ticket_key_file});
    std::erase(files, "");
    return files;
}

// What only OpenSSL can say: a key that is too small, an authority that is none.
Result<void> try_to_use(const TlsConfig& config, const Credentials& credentials) {
    for (const Credential& credential : credentials.certificates) {
        TRY_ASSIGN(const KeyPair pair, parse_key_pair(credential));
        const KeyPair* const alone = &pair;
        TRY(make_server_context(config, {&alone, 1}, credentials.client_ca));
    }
    return {};
}

}  // namespace

Certificates::Certificates(const Config& config) : files_(files_of(config)) {
    config_.listen = config.listen;
    config_.tls = config.tls;
}

Result<Certificates> Certificates::open(const Config& config) {
    Certificates opened(config);
    TRY_ASSIGN(const Credentials credentials, read_credentials(config));
    TRY_ASSIGN(Sealed first, seal(credentials));
    opened.sealed_ = std::move(first.memory);
    opened.content_ = std::move(first.digest);
    opened.begin_watching();
    return opened;
}

Result<Certificates> Certificates::resumed(const Config& config, OwnedFd sealed) {
    Certificates resumed(config);
    TRY_ASSIGN(std::string text, read_from_start(sealed.get(), "the credentials"));
    resumed.content_ = digest_of(text);
    OPENSSL_cleanse(text.data(), text.size());
    resumed.sealed_ = std::move(sealed);
    resumed.begin_watching();
    return resumed;
}

void Certificates::begin_watching() {
    watch_.watch(files_);
    // A start has told already what there is to tell.
    tell_again_ = Moment::clock::now() + kTellEvery;
}

std::optional<Certificates::Moment> Certificates::next_due() const {
    if (files_.empty()) return std::nullopt;
    return std::min(tell_again_, watch_.due().value_or(tell_again_));
}

bool Certificates::look(Moment now) {
    if (files_.empty()) return false;
    const bool renewed = watch_.is_due(now) && read_again();
    if (renewed || now >= tell_again_) tell_validity(now);
    return renewed;
}

bool Certificates::read_again() {
    watch_.watch(files_);  // links may lead elsewhere now
    const auto credentials = read_credentials(config_);
    if (!credentials) {
        log_error("a changed certificate is not used: {}; what served before goes on serving",
                  credentials.error().message);
        return false;
    }
    auto next = seal(*credentials);
    if (next && next->digest == content_) return false;
    const auto usable = try_to_use(config_.tls, *credentials);
    if (!next || !usable) {
        log_error("a changed certificate is not used: {}; what served before goes on serving",
                  (next ? usable.error() : next.error()).message);
        return false;
    }
    dup3(next->memory.get(), sealed_.get(), O_CLOEXEC);
    content_ = std::move(next->digest);
    return true;
}

void Certificates::tell_validity(Moment now) {
    tell_again_ = now + kTellEvery;
    for (const CertificateConfig& files : config_.tls.certificates) {
        const auto pair = read_credential(files).and_then(parse_key_pair);
        if (!pair) continue;
        const std::string warning =
            validity_warning(pair->certificate, std::chrono::system_clock::now());
        if (!warning.empty()) log_warn("certificate {} {}", files.certificate, warning);
    }
}

}  // namespace bundle
