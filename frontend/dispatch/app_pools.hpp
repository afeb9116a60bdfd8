// The pools of one generation: one for each application of its configuration.
#pragma once
#include <algorithm>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "frontend/dispatch/worker_pool.hpp"
#include "shared/config/config.hpp"
#include "shared/wire/scoreboard.hpp"

namespace bundle {

using Scoreboards = std::vector<wire::ScoreboardView>;

struct AppPools {
    AppPools(std::uint32_t number, std::shared_ptr<const Config> of, Scoreboards boards = {})
        : generation(number), config(std::move(of)), scoreboards(std::move(boards)) {
        for (const AppConfig& app : config->apps)
            pools.push_back(std::make_unique<WorkerPool>(app));
    }

    void keep_deadlines_with(DeadlineTimer& timer) const {
        for (const auto& pool : pools) pool->keep_deadlines_with(timer);
    }
    [[nodiscard]] WorkerPool* find(std::string_view app) const {
        for (const auto& pool : pools)
            if (pool->config().name == app) return pool.get();
        return nullptr;
    }
    // What the workers of one of its pools write; none where nobody told where.
    [[nodiscard]] std::span<const wire::WorkerRow> rows_of(const WorkerPool& pool) const {
        for (std::size_t app = 0; app < scoreboards.size(); ++app)
            if (pools[app].get() == &pool) return scoreboards[app].used_rows();
        return {};
    }
    // Of a generation that serves no more: no request of its snapshot is left but those that wait
    // here. The snapshot owns the configuration, and each of its requests the snapshot.
    [[nodiscard]] bool nothing_can_come() const { return config.use_count() == 1; }
    [[nodiscard]] bool empty() const {
        return std::ranges::all_of(pools, [](const auto& pool) {
            return pool->worker_count() == 0 && pool->waiting() == 0;
        });
    }

    std::uint32_t generation;
    std::shared_ptr<const Config> config;
    std::vector<std::unique_ptr<WorkerPool>> pools;  // in the order of Config::apps
    Scoreboards scoreboards;                         // likewise; or none
};

}  // namespace bundle
