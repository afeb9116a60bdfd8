#include "shared/wire/scoreboard.hpp"

#include <algorithm>
#include <cstring>

namespace bundle::wire {

namespace {

constexpr std::string_view kScoreboardName = "the scoreboard";

Result<SealedMemory> opened(OwnedFd fd, SealedMemory::Access access) {
    TRY_ASSIGN(auto memory, SealedMemory::open(kScoreboardName, std::move(fd), access));
    if (memory.size() % sizeof(WorkerRow) != 0)
        return failure("the scoreboard's size is not that of a whole number of rows");
    return memory;
}

std::span<const WorkerRow> used_rows_of(const SealedMemory& memory) {
    return {static_cast<const WorkerRow*>(memory.start()),
            std::min(memory.written(), memory.size()) / sizeof(WorkerRow)};
}

}  // namespace

Result<Scoreboard> Scoreboard::create(std::uint32_t rows) {
    if (rows == 0) return failure("a scoreboard has at least one row");
    TRY_ASSIGN(auto memory, SealedMemory::create(kScoreboardName, rows * sizeof(WorkerRow)));
    return Scoreboard(std::move(memory));
}

Result<Scoreboard> Scoreboard::open(OwnedFd fd) {
    TRY_ASSIGN(auto memory, opened(std::move(fd), SealedMemory::Access::ReadAndWrite));
    return Scoreboard(std::move(memory));
}

std::span<const WorkerRow> Scoreboard::used_rows() const { return used_rows_of(memory_); }

Result<OwnedFd> Scoreboard::view() const { return memory_.read_only_descriptor(kScoreboardName); }

Result<ScoreboardView> ScoreboardView::open(OwnedFd fd) {
    TRY_ASSIGN(auto memory, opened(std::move(fd), SealedMemory::Access::Read));
    return ScoreboardView(std::move(memory));
}

std::span<const WorkerRow> ScoreboardView::used_rows() const { return used_rows_of(memory_); }

void write_text(std::span<char> to, std::string_view text) {
    const std::size_t kept = std::min(text.size(), to.size() - 1);
    if (kept != 0) std::memcpy(to.data(), text.data(), kept);
    to[kept] = '\0';
}

std::string read_text(std::span<const char> from) {
    return {from.begin(), std::ranges::find(from, '\0')};
}

}  // namespace bundle::wire
