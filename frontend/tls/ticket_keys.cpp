#include "frontend/tls/ticket_keys.hpp"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/rand.h>

#include <algorithm>
#include <cstring>

#include "shared/tls/credentials.hpp"

namespace bundle {

namespace {

constexpr std::size_t kKept = 2;
constexpr int kIvSize = 16;

static_assert(sizeof(TicketKeys::Key) == kTicketKeySize);

// What the callback answers: see SSL_CTX_set_tlsext_ticket_key_evp_cb(3).
constexpr int kError = -1;
constexpr int kUnknown = 0;
constexpr int kGood = 1;
constexpr int kGoodButRenew = 2;

bool set_authentication(EVP_MAC_CTX* mac, const TicketKeys::Key& key) {
    char digest[] = "SHA256";
    const std::array parameters = {
        OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_KEY,
                                          const_cast<unsigned char*>(key.authenticate.data()),
                                          key.authenticate.size()),
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
        OSSL_PARAM_construct_end()};
    return EVP_MAC_CTX_set_params(mac, parameters.data()) == 1;
}

int seal(TicketKeys& keys, unsigned char* name, unsigned char* iv, EVP_CIPHER_CTX* cipher,
         EVP_MAC_CTX* mac) {
    const TicketKeys::Key* key = keys.current(TicketKeys::Moment::clock::now());
    if (key == nullptr || RAND_bytes(iv, kIvSize) != 1) return kError;
    std::ranges::copy(key->name, name);
    const bool ready =
        EVP_EncryptInit_ex(cipher, EVP_aes_256_cbc(), nullptr, key->encrypt.data(), iv) == 1 &&
        set_authentication(mac, *key);
    return ready ? kGood : kError;
}

int open(const SSL& ssl, TicketKeys& keys, unsigned char* name, unsigned char* iv,
         EVP_CIPHER_CTX* cipher, EVP_MAC_CTX* mac) {
    const TicketKeys::Key* current = keys.current(TicketKeys::Moment::clock::now());
    const TicketKeys::Key* key = keys.find(std::span<const unsigned char, 16>(name, 16));
    if (key == nullptr) return kUnknown;
    const bool ready =
        EVP_DecryptInit_ex(cipher, EVP_aes_256_cbc(), nullptr, key->encrypt.data(), iv) == 1 &&
        set_authentication(mac, *key);
    if (!ready) return kError;
    // A ticket of TLS 1.3 is used once (RFC 8446 appendix C.4): without a new one, every other
    // connection of a client would be a full handshake.
    const bool is_used_up = SSL_version(&ssl) == TLS1_3_VERSION;
    return key == current && !is_used_up ? kGood : kGoodButRenew;
}

// OpenSSL keeps one pointer of ours with each context; the callback has no other way to its keys.
int index_of_keys() {
    static const int index = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
    return index;
}

int on_ticket(SSL* ssl, unsigned char* name, unsigned char* iv, EVP_CIPHER_CTX* cipher,
              EVP_MAC_CTX* mac, int making) {
    auto* keys =
        static_cast<TicketKeys*>(SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), index_of_keys()));
    if (keys == nullptr) return kError;
    return making == 1 ? seal(*keys, name, iv, cipher, mac)
                       : open(*ssl, *keys, name, iv, cipher, mac);
}

}  // namespace

TicketKeys::~TicketKeys() { OPENSSL_cleanse(keys_.data(), keys_.size() * sizeof(Key)); }

void TicketKeys::use(std::string_view shared) {
    // Ours stay when a reload changes nothing about them: its clients would all have to shake hands
    // again.
    if (shared.empty() && !shared_) return;
    OPENSSL_cleanse(keys_.data(), keys_.size() * sizeof(Key));
    keys_.clear();
    shared_ = !shared.empty();
    for (; shared.size() >= sizeof(Key); shared.remove_prefix(sizeof(Key)))
        std::memcpy(&keys_.emplace_back(), shared.data(), sizeof(Key));
}

const TicketKeys::Key* TicketKeys::current(Moment now) {
    if (!shared_ && (keys_.empty() || now >= renew_at_)) {
        Key key;
        if (RAND_bytes(reinterpret_cast<unsigned char*>(&key), sizeof key) != 1) return nullptr;
        keys_.reserve(kKept + 1);  // so that nothing is moved and left behind
        keys_.insert(keys_.begin(), key);
        OPENSSL_cleanse(&key, sizeof key);
        if (keys_.size() > kKept) {
            OPENSSL_cleanse(&keys_.back(), sizeof(Key));
            keys_.pop_back();
        }
        renew_at_ = now + kRenewAfter;
    }
    return keys_.data();
}

const TicketKeys::Key* TicketKeys::find(std::span<const unsigned char, 16> name) const {
    const auto found = std::ranges::find_if(
        keys_, [&](const Key& key) { return std::ranges::equal(key.name, name); });
    return found == keys_.end() ? nullptr : &*found;
}

void TicketKeys::serve(SSL_CTX* context, TicketKeys& keys) {
    SSL_CTX_set_ex_data(context, index_of_keys(), &keys);
    SSL_CTX_set_tlsext_ticket_key_evp_cb(context, on_ticket);
}

}  // namespace bundle
