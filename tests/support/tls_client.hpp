// A client of TLS in memory: what it says is a string, and so is what it hears.
#pragma once
#include <string>
#include <string_view>

#include "shared/tls/openssl.hpp"

namespace bundle {

class TlsClient {
  public:
    struct Wish {
        int least_version = 0;
        int most_version = 0;
        std::string server_name = "test.example";
        std::string alpn{};             // "\x08http/1.1"; empty: none
        std::string ciphers{};          // of TLS 1.2; empty: the usual
        SSL_SESSION* resume = nullptr;  // one of before
        std::string certificate{};      // PEM; empty: none
        std::string key{};
    };
    explicit TlsClient(const Wish& wish);

    // Goes on with what the server has said; what we say to that is in said().
    void hear(std::string_view ciphertext);
    void say(std::string_view plain);
    void end() { SSL_shutdown(ssl_.get()); }
    std::string said();  // since the last call

    [[nodiscard]] const std::string& heard() const { return heard_; }  // plaintext
    [[nodiscard]] bool secured() const { return SSL_is_init_finished(ssl_.get()) == 1; }
    [[nodiscard]] bool heard_end() const { return heard_end_; }
    [[nodiscard]] const std::string& failure() const { return failure_; }
    [[nodiscard]] SSL* ssl() { return ssl_.get(); }

  private:
    SslContextPtr context_;
    SslPtr ssl_;
    std::string heard_;
    std::string failure_;
    bool heard_end_ = false;
};

}  // namespace bundle
