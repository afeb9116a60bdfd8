// The front and a reload: one configuration beside the other, and from one turn of the loop to the
// next the other. Clients keep their connections, requests the snapshot that they began with.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "frontend/front.hpp"
#include "shared/base/log.hpp"
#include "shared/base/process_title.hpp"
#include "shared/config/log_place.hpp"

namespace bundle {

void Front::prepare(std::uint32_t generation, std::vector<OwnedFd> descriptors) {
    abandon();
    auto prepared =
        bundle::prepare(generation, std::move(descriptors), context_.snapshot->counters);
    if (prepared) {
        auto tls = tls_for(prepared->snapshot->config, prepared->credentials);
        if (tls) {
            prepared->tls = std::move(*tls);
        } else {
            prepared = tl::unexpected(tls.error());
        }
    }
    if (!prepared) {
        return tell_master({.type = wire::ControlType::Failed,
                            .app = {},
                            .text = prepared.error().message,
                            .generation = generation});
    }
    prepared_ = std::move(*prepared);
    dispatcher_.prepare(pools_for(prepared_->snapshot, std::move(prepared_->scoreboards)));
    tell_master(
        {.type = wire::ControlType::Prepared, .app = {}, .text = {}, .generation = generation});
}

void Front::abandon() {
    if (!prepared_) return;
    dispatcher_.abandon();
    prepared_.reset();
}

void Front::commit() {
    if (!kept_for_commit_.empty()) {
        if (const auto opened = open_listeners(std::exchange(kept_for_commit_, {})); !opened) {
            log_error("{}", opened.error().message);
            leave_now();
        }
        return;
    }
    if (!prepared_) return;
    Prepared next = std::move(*prepared_);
    prepared_.reset();
    const Config& config = next.snapshot->config;

    continue_access_log(config, std::move(next.access_log));
    continue_log_in(next.error_log.get());
    log_as_front(config);
    set_process_title(fmt::format("bundle-front: {}", config.server.name));
    const auto before = std::exchange(context_.snapshot, std::move(next.snapshot));
    context_.exchanges.forget();
    show(std::move(next.tls), next.credentials);
    context_.told_no_roots.clear();
    begin_statsd();
    most_connections_ = lowered_max_connections(config, &before->config);
    change_listeners(std::move(next.listeners));
    dispatcher_.commit();
    ++context_.counters.reloads;
    feed_.end();  // whether its viewers may watch is looked at again
    note(RecentEvents::Kind::Note,
         fmt::format("generation {} serves", context_.snapshot->generation));
    log_event(config.dev.reload ? LogLevel::Debug : LogLevel::Info, "generation {} serves",
              context_.snapshot->generation);
}

Result<std::shared_ptr<const TlsContext>> Front::tls_for(const Config& config,
                                                         const Credentials& credentials) {
    if (!config.speaks_tls()) return std::shared_ptr<const TlsContext>();
    return TlsContext::create(config, credentials, ticket_keys_);
}

// To connections that begin from now on; those that there are keep what they began with.
void Front::show(std::shared_ptr<const TlsContext> tls, const Credentials& credentials) {
    ticket_keys_.use(credentials.ticket_keys);
    note_certificates(credentials);
    context_.tls = std::move(tls);
    if (context_.tls && !context_.tls_buffers)
        context_.tls_buffers = std::make_unique<TlsBuffers>();
}

Result<void> Front::renew_certificates(const std::vector<OwnedFd>& descriptors) {
    if (descriptors.size() != 1) return failure("no descriptor is left for them");
    TRY_ASSIGN(const Credentials credentials, read_sealed(descriptors.front()));
    TRY_ASSIGN(auto tls, tls_for(context_.snapshot->config, credentials));
    show(std::move(tls), credentials);
    return {};
}

void Front::continue_logs_in(std::vector<OwnedFd> descriptors) {
    if (descriptors.size() != 2) return log_error("the log was reopened, but cannot be continued");
    continue_log_in(descriptors[0].get());
    continue_access_log(context_.snapshot->config, std::move(descriptors[1]));
    dispatcher_.continue_logs_in(std::move(descriptors[0]));
}

void Front::continue_access_log(const Config& config, OwnedFd file) {
    if (auto service = log_service_of(config.log.access.path, config))
        access_log_.continue_in(std::move(*service));
    else
        access_log_.continue_in(std::move(file));
}

void Front::change_listeners(std::vector<OwnedFd> sockets) {
    const std::vector<ListenConfig> configs = context_.snapshot->config.all_listeners();
    auto before = std::exchange(listeners_, {});
    for (std::size_t i = 0; i < configs.size(); ++i) {
        const auto same = std::ranges::find_if(before, [&](const auto& listener) {
            return listener != nullptr && listener->address() == configs[i].address &&
                   listener->listens_at(sockets[i].get());
        });
        if (same != before.end()) {
            (*same)->describe(configs[i]);
            listeners_.push_back(std::move(*same));
            continue;
        }
        auto listener = Listener::create(loop_.get(), std::move(sockets[i]), configs[i],
                                         [this](Listener& waiting) { accept(waiting); });
        if (listener) {
            listeners_.push_back(std::move(*listener));
        } else {
            log_error("{}: {}", configs[i].address, listener.error().message);
        }
    }
    for (auto& listener : before)
        if (listener != nullptr) removed_listeners_.push_back(std::move(listener));
    uv_timer_start(
        removal_timer_.get(),
        [](uv_timer_t* timer) { static_cast<Front*>(timer->data)->close_removed_listeners(); },
        kLastAcceptsMs, 1);
    last_accepts_of_removed_end_ = context_.now() + kLastAccepts;
}

void Front::close_removed_listeners() {
    if (close_unvisited(removed_listeners_, last_accepts_of_removed_end_))
        uv_timer_stop(removal_timer_.get());
}

}  // namespace bundle
