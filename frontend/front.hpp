// The process that faces the internet: owns the event loop, its listeners and its connections;
// adopts what the master hands down, drains when told to.
#pragma once
#include <uv.h>

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "frontend/client/address_counts.hpp"
#include "frontend/client/client_connection.hpp"
#include "frontend/client/client_context.hpp"
#include "frontend/client/descriptors.hpp"
#include "frontend/client/listener.hpp"
#include "frontend/client/uv_owner.hpp"
#include "frontend/dispatch/dispatcher.hpp"
#include "frontend/files/open_file_cache.hpp"
#include "frontend/observe/access_log.hpp"
#include "frontend/observe/admin_pages.hpp"
#include "frontend/observe/status_facts.hpp"
#include "frontend/observe/status_feed.hpp"
#include "frontend/prepared.hpp"
#include "frontend/snapshot.hpp"
#include "frontend/tls/ticket_keys.hpp"
#include "shared/base/owned_fd.hpp"
#include "shared/base/result.hpp"
#include "shared/tls/credentials.hpp"
#include "shared/wire/command.hpp"
#include "shared/wire/control.hpp"

namespace bundle {

// What the master left open for us (shared/wire/inherited.hpp).
struct FrontSockets {
    OwnedFd control;
    OwnedFd workers;  // the listener that workers connect to
    OwnedFd access_log;
    std::vector<OwnedFd> listeners;  // one for each [[listen]]
    Scoreboards scoreboards;         // one for each app
};

class Front final : private ConnectionOwner, private AdminPages {
  public:
    // AtCommit: until then it accepts workers, and no client.
    enum class Begin { AtOnce, AtCommit };
    static Result<std::unique_ptr<Front>> create(FrontSockets sockets,
                                                 std::shared_ptr<const Snapshot> snapshot,
                                                 const Credentials& credentials, Begin begin);
    Front(const Front&) = delete;
    Front& operator=(const Front&) = delete;
    ~Front();

    // Serves until it is drained, or has handed over, or is told to hurry.
    Result<void> run();

  private:
    using Listeners = std::vector<std::unique_ptr<Listener>>;
    using TimePoint = std::chrono::steady_clock::time_point;

    Front(FrontSockets sockets, std::shared_ptr<const Snapshot> snapshot);

    // TLS: none where no listener of `config` speaks it.
    Result<std::shared_ptr<const TlsContext>> tls_for(const Config& config,
                                                      const Credentials& credentials);
    void show(std::shared_ptr<const TlsContext> tls, const Credentials& credentials);
    Result<void> renew_certificates(const std::vector<OwnedFd>& descriptors);
    Result<void> open_listeners(std::vector<OwnedFd> sockets);
    void accept(Listener& listener);
    void adopt(const Listener& listener);
    void make_room();
    [[nodiscard]] bool has_room() const;
    [[nodiscard]] bool somebody_waits() const;
    void client_known(ClientConnection& connection) override;
    void accept_waiting();
    void tell_left_out();
    void give_memory_back();
    void connection_closed(ClientConnection& connection) override;
    void on_control();
    void leave_now();
    void sweep();
    void flush_log_soon();
    void drain();
    void hand_over();
    void end_connections(milliseconds grace);
    void accept_the_last();
    // True when all are closed.
    bool close_unvisited(const Listeners& listeners, TimePoint end) const;
    void stop_accepting();
    void stop_when_done();
    void tell_master(const wire::ControlMessage& message) const;

    // Reloading: front_reload.cpp.
    void prepare(std::uint32_t generation, std::vector<OwnedFd> descriptors);
    void commit();
    void abandon();
    void continue_logs_in(std::vector<OwnedFd> descriptors);
    void continue_access_log(const Config& config, OwnedFd file);
    void change_listeners(std::vector<OwnedFd> sockets);
    void close_removed_listeners();

    // What goes on: front_status.cpp.
    [[nodiscard]] StatusFacts status() const;
    [[nodiscard]] AppStatus status_of(const WorkerPool& pool, RequestTimes::Moment now) const;
    void note_certificates(const Credentials& credentials);
    Answer answer(std::string_view path, const RequestHead& head) const override;
    [[nodiscard]] Answer answer_with_status(const RequestHead& head) const;
    [[nodiscard]] Answer begin_feed(const RequestHead& head) const;
    void watch(AnswerSink& viewer) override { feed_.enter(viewer); }
    void leave(AnswerSink& viewer) override { feed_.leave(viewer); }
    void watch_traffic(RequestTimes::Moment now);
    void note_shed();
    void note(RecentEvents::Kind kind, std::string text, std::uint64_t count = 1);
    void note_worker_end(const wire::ControlMessage& ended);
    void note_restarts(const wire::ControlMessage& restarts);
    [[nodiscard]] std::vector<AppStatus> status_of_apps(std::string_view only = {}) const;
    [[nodiscard]] RequestsInProgress requests(std::string_view app) const;
    [[nodiscard]] std::string status_as(wire::StatusForm form, std::string_view app) const;
    void tell_status(wire::StatusForm form, std::string_view app) const;
    void note_slow(const wire::ControlMessage& slow);
    void tell_lost_lines();

    // What statsD hears: front_statsd.cpp.
    void begin_statsd();
    void watch_left_requests();
    void tell_statsd();
    void tell_statsd_of_connections();
    void tell_log_lines(std::string_view name, LogLevel level, std::uint64_t& told);

    EventLoop loop_;
    OwnedFd control_;
    std::vector<char> slab_;
    AccessLog access_log_;
    OpenFileCache files_;
    Dispatcher dispatcher_;
    TicketKeys ticket_keys_;
    ClientContext context_;
    std::uint32_t most_connections_;
    Descriptors descriptors_;
    AddressCounts addresses_;  // while http.max_connections_per_ip is set
    std::chrono::steady_clock::time_point last_sweep_;
    std::chrono::system_clock::time_point started_;  // the master
    std::vector<CertificateStatus> certificates_;
    Traffic traffic_;
    RecentEvents events_;
    StatusFeed feed_;
    std::array<std::uint64_t, kLimitCount> told_shed_{};
    std::optional<std::uint64_t> told_workers_;                   // to statsD
    std::map<std::string_view, std::uint64_t> told_connections_;  // likewise, by what they do
    std::uint64_t told_errors_ = 0;  // lines of the error log, likewise
    std::uint64_t told_warnings_ = 0;
    std::uint64_t told_lost_lines_ = 0;
    bool loses_lines_ = false;
    RequestTimes::Moment lost_lines_at_;  // last
    std::size_t peak_ = 0;                // of connections, since memory was given back
    bool nobody_idle_ = false;            // since the last sweep
    std::vector<std::unique_ptr<ClientConnection>> connections_;
    Listeners listeners_;
    std::vector<OwnedFd> kept_for_commit_;  // the listeners' sockets, until then
    Listeners removed_listeners_;           // their clients may still be here
    std::optional<Prepared> prepared_;
    UvOwner<uv_poll_t> control_poll_;
    UvOwner<uv_timer_t> sweep_timer_;
    UvOwner<uv_timer_t> drain_timer_;
    TimePoint last_accepts_end_;
    UvOwner<uv_timer_t> log_timer_;
    UvOwner<uv_timer_t> removal_timer_;
    TimePoint last_accepts_of_removed_end_;
    UvOwner<uv_prepare_t> before_poll_;
    UvOwner<uv_check_t> after_poll_;
    UvOwner<uv_signal_t> on_term_;
};

// What the limit of open files leaves of server.max_connections, which is told unless it was the
// same `before`.
std::uint32_t lowered_max_connections(const Config& config, const Config* before);

// What stands in a listener's backlog when it is to be closed is accepted in this time.
inline constexpr std::uint64_t kLastAcceptsMs = 20;
inline constexpr milliseconds kLastAccepts{200};  // at most

}  // namespace bundle
