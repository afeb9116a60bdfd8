// The front and a reload: one configuration beside the other, and from one turn of the loop to the
// next the other. Clients keep their connections, requests the snapshot that they began with.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "frontend/front.hpp"
#include "shared/base/log.hpp"
#include "shared/base/process_title.hpp"

namespace bundle {

void Front::prepare(std::uint32_t generation, std::vector<OwnedFd> descriptors) {
    abandon();
    auto prepared = bundle::prepare(generation, std::move(descriptors));
    if (!prepared) {
        return tell_master({.type = wire::ControlType::Failed,
                            .app = {},
                            .text = prepared.error().message,
                            .generation = generation});
    }
    prepared_ = std::move(*prepared);
    dispatcher_.prepare(pools_for(prepared_->snapshot));
    tell_master(
        {.type = wire::ControlType::Prepared, .app = {}, .text = {}, .generation = generation});
}

void Front::abandon() {
    if (!prepared_) return;
    dispatcher_.abandon();
    prepared_.reset();
}

void Front::commit() {
    if (!prepared_) return;
    Prepared next = std::move(*prepared_);
    prepared_.reset();
    const Config& config = next.snapshot->config;

    access_log_.continue_in(std::move(next.access_log));
    continue_log_in(next.error_log.get());
    set_log_target({"front", config.log.level});
    set_process_title(fmt::format("bundle-front: {}", config.server.name));
    context_.snapshot = std::move(next.snapshot);
    context_.exchanges.forget();
    context_.told_no_roots.clear();
    most_connections_ = lowered_max_connections(config);
    change_listeners(std::move(next.listeners));
    dispatcher_.commit();
    log_info("generation {} serves", context_.snapshot->generation);
}

void Front::continue_logs_in(std::vector<OwnedFd> descriptors) {
    if (descriptors.size() != 2) return log_error("the log was reopened, but cannot be continued");
    continue_log_in(descriptors[0].get());
    access_log_.continue_in(std::move(descriptors[1]));
    dispatcher_.continue_logs_in(std::move(descriptors[0]));
}

void Front::change_listeners(std::vector<OwnedFd> sockets) {
    const std::vector<ListenConfig>& configs = context_.snapshot->config.listen;
    auto before = std::exchange(listeners_, {});
    for (std::size_t i = 0; i < configs.size(); ++i) {
        const auto same = std::ranges::find_if(before, [&](const auto& listener) {
            return listener != nullptr && listener->address() == configs[i].address;
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
        kLastAcceptsMs, 0);
}

void Front::close_removed_listeners() {
    for (const auto& listener : removed_listeners_) listener->close();
}

}  // namespace bundle
