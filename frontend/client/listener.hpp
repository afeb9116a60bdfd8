// One [[listen]] of the configuration on the event loop: an inherited socket that is listening
// already.
#pragma once
#include <uv.h>

#include <functional>
#include <memory>
#include <string>
#include <variant>

#include "frontend/client/client_stream.hpp"
#include "frontend/client/uv_owner.hpp"
#include "shared/base/owned_fd.hpp"
#include "shared/base/result.hpp"
#include "shared/config/config.hpp"

namespace bundle {

class Listener {
  public:
    // Called for each client that waits to be accepted. Whoever leaves it waiting calls
    // accept_waiting() later: until then libuv does not look at the listener.
    using ClientWaits = std::function<void(Listener&)>;

    static Result<std::unique_ptr<Listener>> create(uv_loop_t* loop, OwnedFd socket,
                                                    const ListenConfig& config,
                                                    ClientWaits on_client);
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;

    [[nodiscard]] uv_stream_t* stream() const;
    [[nodiscard]] StreamKind kind() const;
    // "" for a unix socket. Valid as long as the listener lives, which outlives its clients'
    // connections.
    [[nodiscard]] std::string_view port() const { return port_; }
    // Every connection begins with the PROXY protocol.
    [[nodiscard]] bool speaks_proxy_protocol() const { return proxy_protocol_; }
    [[nodiscard]] bool speaks_tls() const { return tls_; }
    // Its clients are operators, and meet no site.
    [[nodiscard]] bool is_admin() const { return is_admin_; }
    // What is offered to clients of TLS, as ALPN writes it: "\x08http/1.1".
    [[nodiscard]] const std::string& protocols() const { return protocols_; }
    [[nodiscard]] bool speaks_http2() const { return http2_; }
    // As the configuration has it: what tells one listener from another.
    [[nodiscard]] const std::string& address() const { return address_; }
    // Whether `socket` is the same one, or a duplicate of it.
    [[nodiscard]] bool listens_at(int socket) const;
    // What the configuration says of clients that come from now on.
    void describe(const ListenConfig& config);
    // Accepts nobody any more.
    void close() {
        handle_ = std::monostate();
        client_waits_ = false;
    }
    [[nodiscard]] bool is_open() const { return !std::holds_alternative<std::monostate>(handle_); }

    // Clients that wait to be accepted, as far as the kernel tells: of TCP.
    [[nodiscard]] std::uint32_t backlog() const;

    // A client was left waiting, and may be accepted now.
    [[nodiscard]] bool client_waits() const { return client_waits_; }
    void leave_waiting() { client_waits_ = true; }
    void accept_waiting();

  private:
    explicit Listener(ClientWaits on_client) : on_client_(std::move(on_client)) {}

    ClientWaits on_client_;
    std::variant<std::monostate, UvOwner<uv_tcp_t>, UvOwner<uv_pipe_t>> handle_;
    std::string address_;
    std::string port_;
    std::string protocols_;
    bool http2_ = false;
    bool proxy_protocol_ = false;
    bool tls_ = false;
    bool is_admin_ = false;
    bool client_waits_ = false;
};

}  // namespace bundle
