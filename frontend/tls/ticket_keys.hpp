// The keys with which session tickets are sealed (RFC 5077 section 4). Whoever has them can read
// what was said, so ours never leave memory and are soon forgotten; those of a file are the
// business of whoever shares it between machines. They outlive reloads.
#pragma once
#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "shared/tls/openssl.hpp"

namespace bundle {

class TicketKeys {
  public:
    using Moment = std::chrono::steady_clock::time_point;
    static constexpr std::chrono::hours kRenewAfter{12};

    struct Key {
        std::array<unsigned char, 16> name;
        std::array<unsigned char, 32> encrypt;
        std::array<unsigned char, 32> authenticate;
        bool operator==(const Key&) const = default;
    };

    TicketKeys() = default;
    TicketKeys(const TicketKeys&) = delete;
    TicketKeys& operator=(const TicketKeys&) = delete;
    ~TicketKeys();

    // kTicketKeySize bytes each, the first one for new tickets; empty: keys of our own.
    void use(std::string_view shared);
    // For new tickets. Makes one, or renews it, when it is time; the one before stays good until
    // the next renewal. Nothing: there is no randomness to be had.
    const Key* current(Moment now);
    [[nodiscard]] const Key* find(std::span<const unsigned char, 16> name) const;

    // Makes `context` seal tickets with `keys`, which outlives it and its sessions.
    static void serve(SSL_CTX* context, TicketKeys& keys);

  private:
    std::vector<Key> keys_;  // the first one is current
    bool shared_ = false;
    Moment renew_at_{};
};

}  // namespace bundle
