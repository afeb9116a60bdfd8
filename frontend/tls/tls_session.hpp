// One client's TLS as a filter: ciphertext in, plaintext out, and the other way round. No sockets
// in here: the caller reads and sends.
//
// OpenSSL gets its bytes through a BIO of our own from the buffers of the event loop, which one
// session borrows at a time: what the socket's read brought goes in without a copy, and whatever is
// to be sent, up to 64 KiB of plaintext in four records, goes out by one write.
#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "frontend/tls/tls_context.hpp"
#include "frontend/tls/tls_fault.hpp"
#include "shared/http/headers.hpp"
#include "shared/tls/openssl.hpp"

namespace bundle {

struct ClientCertificate;

// Of one event loop. Between two calls of a session's functions `out` is taken by the caller: what
// is in it is for that session's client only.
struct TlsBuffers {
    static constexpr std::size_t kMostAtOnce = 64U << 10;  // plaintext that is encrypted together
    static constexpr std::size_t kMostRead = 64U << 10;    // ciphertext that is read together

    std::string_view in;  // ciphertext that OpenSSL has not taken yet
    std::string out;      // ciphertext to be sent
    // A read of ciphertext, and the part of a record that came before it.
    std::vector<char> plain = std::vector<char>(kMostRead + (32U << 10));
    std::vector<char> gathered = std::vector<char>(kMostAtOnce);  // several pieces, or of a file
};

class TlsSession {
  public:
    // `buffers` and `protocols` outlive it. `protocols` as ALPN writes them: "\x08http/1.1".
    TlsSession(std::shared_ptr<const TlsContext> context, TlsBuffers& buffers,
               const std::string& protocols);
    TlsSession(const TlsSession&) = delete;
    TlsSession& operator=(const TlsSession&) = delete;
    ~TlsSession();

    enum class Then : std::uint8_t { More, Ended, Failed };
    struct Input {
        std::string_view plain;  // in TlsBuffers::plain
        bool secured = false;    // the handshake is done with this
        Then then = Then::More;  // after what is in `plain`
    };
    // Takes all of `ciphertext`, at most TlsBuffers::kMostRead.
    Input read(std::string_view ciphertext);

    // Encrypts what comes first in `pieces`, up to TlsBuffers::kMostAtOnce; how much that was, -1
    // when nothing can be said any more.
    std::int64_t write(std::span<const std::string_view> pieces);
    // Says that nothing more will be said; after a failure, and within the handshake, there is
    // nobody to say it to.
    void end();
    // Nothing more will be said, and the client must not take what it got for the whole.
    void abandon() { ended_ = true; }

    [[nodiscard]] bool secured() const { return secured_; }
    [[nodiscard]] const TlsFault& fault() const { return fault_; }  // after Then::Failed
    // As ALPN chose; from the end of the handshake on.
    [[nodiscard]] bool speaks_http2() const;
    // False: a request for `host` is for another certificate than the one that this client asked
    // for by name, and was shown.
    [[nodiscard]] bool is_right_for(std::string_view host) const;
    [[nodiscard]] std::string_view protocol() const;  // "TLSv1.3"
    // What it was asked to show of itself.
    [[nodiscard]] ClientVerify client_verify() const { return client_verify_; }
    // What the application is told, as mod_ssl names it; from the end of the handshake on.
    [[nodiscard]] const Headers& variables();

    // For OpenSSL's callbacks.
    static TlsSession& of(SSL* ssl);
    [[nodiscard]] const std::string& protocols() const { return protocols_; }
    enum class NameIs : std::uint8_t { Unknown, OfACertificate };
    void note_hello(std::string name, NameIs known, ClientVerify verify);
    [[nodiscard]] bool knows_server_name() const { return name_known_; }
    // "" when the client asked for none, or for what cannot be one. Lower-case.
    [[nodiscard]] std::string_view server_name() const { return server_name_; }

  private:
    Then read_records(std::size_t& filled);
    void fail();

    std::shared_ptr<const TlsContext> context_;
    TlsBuffers& buffers_;
    const std::string& protocols_;
    SslPtr ssl_;
    bool begun_ = false;  // a byte of the client has come
    bool secured_ = false;
    bool ended_ = false;  // we have said so, or cannot say anything any more
    TlsFault fault_;
    std::string server_name_;
    bool name_known_ = false;
    ClientVerify client_verify_ = ClientVerify::Off;
    Headers variables_;
    std::unique_ptr<ClientCertificate> certificate_;  // what variables_ views
};

}  // namespace bundle
