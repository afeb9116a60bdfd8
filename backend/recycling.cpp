#include "backend/recycling.hpp"

#include <fmt/format.h>

#include "shared/config/units.hpp"

namespace bundle {

namespace {

constexpr int kEnoughPoints = 2;

}  // namespace

Recycling::Recycling(const AppConfig& app, std::uint32_t slots)
    : max_requests_(app.max_requests),
      jitter_(app.max_requests_jitter),
      max_age_(app.max_age),
      max_memory_(app.max_rss),
      notes_(slots),
      random_(std::random_device()()) {}

std::uint64_t Recycling::born(std::uint32_t slot) {
    Notes& notes = notes_.at(slot) = {};
    if (max_requests_ == 0) return 0;
    // So that workers which were born together are not worn out together.
    notes.max_requests =
        max_requests_ + std::uniform_int_distribution<std::uint64_t>(0, jitter_)(random_);
    return notes.max_requests;
}

bool Recycling::looks(Moment now) {
    const auto next = next_look();
    if (!next || now < *next) return false;
    looked_ = now;
    return true;
}

std::optional<Recycling::Moment> Recycling::next_look() const {
    if (max_age_ == max_age_.zero() && !limits_memory()) return std::nullopt;
    return looked_ + kLookEvery;
}

void Recycling::note_memory(const Worker& worker, Bytes memory) {
    Notes& notes = notes_.at(worker.slot);
    notes.memory = memory;
    notes.above = memory <= max_memory_ ? 0 : notes.above + (worker.busy ? 1 : kEnoughPoints);
}

std::optional<std::string> Recycling::reason(const Worker& worker, Moment now) const {
    const Notes& notes = notes_.at(worker.slot);
    if (notes.max_requests != 0 && worker.requests >= notes.max_requests)
        return fmt::format("served {} requests", worker.requests);
    if (max_age_ != max_age_.zero() && now - worker.born >= max_age_)
        return "older than " + config::print_duration(max_age_);
    if (notes.above >= kEnoughPoints)
        return fmt::format("holds {}M of memory, more than {}", notes.memory.count >> 20,
                           config::print_size(max_memory_));
    return std::nullopt;
}

}  // namespace bundle
