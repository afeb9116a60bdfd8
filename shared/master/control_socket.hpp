// The socket on which commands reach the master (shared/wire/command.hpp). Nothing here ever waits:
// who does not say what it wants makes room for others, who does not take its replies is dropped.
#pragma once
#include <poll.h>
#include <sys/types.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/owned_fd.hpp"
#include "shared/base/result.hpp"
#include "shared/config/config.hpp"
#include "shared/master/unix_listener.hpp"
#include "shared/wire/command.hpp"

namespace bundle {

class ControlSocket {
  public:
    using Asker = std::uint64_t;  // never used twice
    struct Asked {
        Asker asker = 0;
        wire::CommandRequest request;
    };

    static constexpr std::size_t kMostAskers = 32;

    static Result<ControlSocket> open(const ControlConfig& config);

    // How it goes on in another program of this process; the descriptors stay open.
    struct Kept {
        int listener = -1;
        std::string path;
        struct Connection {
            int socket = -1;
            Asker asker = 0;
            bool asked = false;
        };
        std::vector<Connection> connections;
        Asker last_asker = 0;
    };
    [[nodiscard]] Kept kept() const;
    static ControlSocket resumed(const Kept& kept);

    // Its file, by which commands find it.
    [[nodiscard]] const SocketFile& file() const { return listener_.file; }
    // Where that is gone: another one. Those who are connected stay.
    Result<void> listen_again(const ControlConfig& config);

    void add_sources(std::vector<pollfd>& sources) const;
    // What has come since the last call.
    std::vector<Asked> hear();

    // To those of `askers` who are still there.
    void progress(const std::vector<Asker>& askers, std::string_view text);
    // They get nothing more; the connection stays until they close it, or we end.
    void finish(const std::vector<Asker>& askers, int exit_status, std::string_view text);

  private:
    struct Connection {
        OwnedFd socket;
        Asker asker = 0;
        bool asked = false;
    };
    explicit ControlSocket(UnixListener listener) : listener_(std::move(listener)) {}

    void accept_all();
    bool make_room();
    bool take_request(Connection& connection, std::vector<Asked>& asked) const;
    void reply(const std::vector<Asker>& askers, const wire::CommandReply& reply);

    UnixListener listener_;
    std::vector<Connection> connections_;  // the oldest first
    Asker last_asker_ = 0;
};

}  // namespace bundle
