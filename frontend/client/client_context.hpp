// What the client connections of one event loop share.
#pragma once
#include <uv.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "frontend/client/connection_state.hpp"
#include "frontend/client/send_list.hpp"
#include "frontend/compression/compression_pool.hpp"
#include "frontend/compression/compression_thread.hpp"
#include "frontend/dispatch/dispatcher.hpp"
#include "frontend/exchange/exchange.hpp"
#include "frontend/files/open_file_cache.hpp"
#include "frontend/http2/session_memory.hpp"
#include "frontend/observe/access_log.hpp"
#include "frontend/observe/admin_pages.hpp"
#include "frontend/observe/counters.hpp"
#include "frontend/observe/line_budget.hpp"
#include "frontend/observe/refusal_log.hpp"
#include "frontend/observe/request_id.hpp"
#include "frontend/observe/slow_requests.hpp"
#include "frontend/observe/statsd.hpp"
#include "frontend/observe/wall_clock.hpp"
#include "frontend/snapshot.hpp"
#include "frontend/tls/tls_session.hpp"
#include "shared/http/date.hpp"

namespace bundle {

class ClientConnection;

// Whoever owns the connections: keeps them until they are closed.
class ConnectionOwner {
  public:
    // Who the client is, that is to say: its address. It may be refused at once.
    virtual void client_known(ClientConnection& connection) = 0;
    // Destroys the connection.
    virtual void connection_closed(ClientConnection& connection) = 0;

  protected:
    ~ConnectionOwner() = default;
};

struct ClientContext {
    uv_loop_t* loop = nullptr;
    std::span<char> slab;                      // what clients' sockets are read into, one at a time
    std::shared_ptr<const Snapshot> snapshot;  // for requests that begin now
    Dispatcher& dispatcher;
    AccessLog& access_log;
    OpenFileCache& files;
    ConnectionOwner& owner;
    ExchangePool exchanges{};
    CompressionPool compression{};
    std::unique_ptr<CompressionThread> compression_thread{};  // once there was something large
    RequestIds request_ids{};
    FrontCounters counters{};
    SlowRequests slow{};
    AdminPages* admin = nullptr;  // none: nothing is told
    std::optional<Statsd> statsd{};
    RefusalLog refusals{};
    LineBudget tls_lines{};                   // about clients who speak TLS badly, or where none is
    std::shared_ptr<const TlsContext> tls{};  // for connections that begin now; none without TLS
    std::unique_ptr<TlsBuffers> tls_buffers{};  // likewise
    WallClock wall_clock{};
    DateField date{};
    std::string scratch{};                   // an answer's head is written here
    std::vector<std::string_view> pieces{};  // of a body, as the parser found them
    SendList http2_sends{};                  // when the loop's turn ends
    std::string frames{};                    // of HTTP/2, for one write
    std::unique_ptr<http2::SessionPages> http2_pages = std::make_unique<http2::SessionPages>();
    std::uint64_t turned_away = 0;  // connections, since that was last logged
    std::chrono::steady_clock::time_point turned_away_logged{};
    std::uint64_t refused = 0;                // requests that were answered 503
    std::set<std::uint32_t> told_no_roots{};  // apps whose X-Sendfile was refused, once logged
    bool stopping = false;                    // load balancers hear of it; all else is as before
    bool in_maintenance = false;              // every site is, by command
    bool draining = false;                    // every answer is its connection's last
    std::chrono::milliseconds drain_grace =
        kDrainGrace;  // how long a connection may be silent then

    // The moment at which the loop's turn began: good enough for deadlines, and free.
    [[nodiscard]] std::chrono::steady_clock::time_point now() const {
        return std::chrono::steady_clock::time_point(std::chrono::milliseconds(uv_now(loop)));
    }
    [[nodiscard]] std::chrono::system_clock::time_point wall_time(
        std::chrono::steady_clock::time_point moment) {
        return wall_clock.at(moment, uv_now(loop));
    }
};

}  // namespace bundle
