// A server's session and a client, back to back in memory.
#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "frontend/tls/tls_session.hpp"
#include "tests/support/made_certificate.hpp"
#include "tests/support/tls_client.hpp"

namespace bundle {

inline const std::string kHttp11 = "\x08http/1.1";

// The usual [tls], with which a test begins.
inline TlsConfig usual_tls() {
    TlsConfig config;
    config.handshake_timeout = seconds(10);
    return config;
}

inline Config with(TlsConfig tls) {
    Config config;
    config.tls = std::move(tls);
    return config;
}

inline Credentials credentials_of(std::initializer_list<MadeCertificate> certificates) {
    Credentials credentials;
    for (const MadeCertificate& made : certificates)
        credentials.certificates.push_back({"made", made.certificate, made.key});
    return credentials;
}

struct TlsPair {
    explicit TlsPair(std::shared_ptr<const TlsContext> context, const TlsClient::Wish& wish = {},
                     std::size_t step = 0)
        : server(std::move(context), buffers, kHttp11), client(wish), step_(step) {}

    // Everything that one side has said reaches the other, `step` bytes at a time (0: whole), until
    // both have nothing to say.
    void exchange() {
        for (std::string bytes = client.said(); !bytes.empty(); bytes = client.said()) tell(bytes);
    }

    void tell(std::string_view bytes) {
        while (!bytes.empty() && then == TlsSession::Then::More) {
            const auto part = bytes.substr(0, step_ == 0 ? TlsBuffers::kMostRead : step_);
            bytes.remove_prefix(part.size());
            const TlsSession::Input input = server.read(part);
            heard.append(input.plain);
            then = input.then;
            secured_times += input.secured ? 1 : 0;
            client.hear(std::exchange(buffers.out, {}));
        }
    }

    // What the server says reaches the client.
    std::int64_t say(std::string_view plain) {
        const std::int64_t taken = server.write(std::span(&plain, 1));
        client.hear(std::exchange(buffers.out, {}));
        return taken;
    }

    TlsBuffers buffers;
    TlsSession server;
    TlsClient client;
    std::string heard;  // plaintext, by the server
    TlsSession::Then then = TlsSession::Then::More;
    int secured_times = 0;

  private:
    std::size_t step_;
};

}  // namespace bundle
