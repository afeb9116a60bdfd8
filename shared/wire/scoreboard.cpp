#include "shared/wire/scoreboard.hpp"

#include <algorithm>
#include <cstring>

namespace bundle::wire {

namespace {

constexpr std::string_view kWhat = "the scoreboard";

}  // namespace

Result<Scoreboard> Scoreboard::create(std::uint32_t rows) {
    if (rows == 0) return failure("a scoreboard has at least one row");
    TRY_ASSIGN(auto memory, SealedMemory::create(kWhat, rows * sizeof(WorkerRow)));
    return Scoreboard(std::move(memory));
}

Result<Scoreboard> Scoreboard::open(OwnedFd fd) {
    TRY_ASSIGN(auto memory, SealedMemory::open(kWhat, std::move(fd)));
    if (memory.size() % sizeof(WorkerRow) != 0)
        return failure("the scoreboard's size is not that of a whole number of rows");
    return Scoreboard(std::move(memory));
}

void write_text(std::span<char> to, std::string_view text) {
    const std::size_t kept = std::min(text.size(), to.size() - 1);
    if (kept != 0) std::memcpy(to.data(), text.data(), kept);
    to[kept] = '\0';
}

std::string read_text(std::span<const char> from) {
    return {from.begin(), std::ranges::find(from, '\0')};
}

}  // namespace bundle::wire
