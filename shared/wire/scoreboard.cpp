#include "shared/wire/scoreboard.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstring>
#include <utility>

namespace bundle::wire {

namespace {

// Nobody can shrink the memory under a reader, which would end it by SIGBUS, nor lift that promise.
constexpr int kSeals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL;

Result<std::span<WorkerRow>> mapped(int memory, std::size_t rows) {
    void* start =
        mmap(nullptr, rows * sizeof(WorkerRow), PROT_READ | PROT_WRITE, MAP_SHARED, memory, 0);
    if (start == MAP_FAILED) return system_failure("map the scoreboard");
    return std::span(static_cast<WorkerRow*>(start), rows);
}

}  // namespace

Result<Scoreboard> Scoreboard::create(std::uint32_t rows) {
    if (rows == 0) return failure("a scoreboard has at least one row");
    OwnedFd memory(memfd_create("bundle scoreboard", MFD_CLOEXEC | MFD_ALLOW_SEALING));
    if (!memory) return system_failure("create memory for the scoreboard");
    const std::size_t size = rows * sizeof(WorkerRow);
    if (ftruncate(memory.get(), static_cast<off_t>(size)) != 0)
        return system_failure("size the scoreboard");
    if (fcntl(memory.get(), F_ADD_SEALS, kSeals) != 0) return system_failure("seal the scoreboard");
    TRY_ASSIGN(const std::span<WorkerRow> table, mapped(memory.get(), rows));
    return Scoreboard(std::move(memory), table);
}

Result<Scoreboard> Scoreboard::open(OwnedFd memory) {
    const int seals = fcntl(memory.get(), F_GET_SEALS);
    if (seals < 0) return system_failure("read the seals of the scoreboard");
    if ((seals & kSeals) != kSeals) return failure("the scoreboard is not sealed: it may shrink");
    struct stat about {};
    if (fstat(memory.get(), &about) != 0) return system_failure("read the size of the scoreboard");
    const auto size = static_cast<std::size_t>(about.st_size);
    if (size == 0 || size % sizeof(WorkerRow) != 0)
        return failure("the scoreboard's size is not that of a whole number of rows");
    TRY_ASSIGN(const std::span<WorkerRow> table, mapped(memory.get(), size / sizeof(WorkerRow)));
    return Scoreboard(std::move(memory), table);
}

Scoreboard::Scoreboard(Scoreboard&& other) noexcept
    : memory_(std::move(other.memory_)), rows_(std::exchange(other.rows_, {})) {}

Scoreboard& Scoreboard::operator=(Scoreboard&& other) noexcept {
    std::swap(memory_, other.memory_);
    std::swap(rows_, other.rows_);
    return *this;
}

Scoreboard::~Scoreboard() {
    if (!rows_.empty()) munmap(rows_.data(), rows_.size_bytes());
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
