#include "shared/wire/sealed_memory.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <utility>

namespace bundle::wire {

namespace {

constexpr int kSeals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL;
// Of its file, for who opens that anew by /proc; who was given the descriptor needs no leave.
constexpr mode_t kOwnersAlone = 0600;

}  // namespace

Result<SealedMemory> SealedMemory::mapped(std::string_view what, OwnedFd memory, std::size_t size,
                                          Access access) {
    const int protection = access == Access::Read ? PROT_READ : PROT_READ | PROT_WRITE;
    void* start = mmap(nullptr, size, protection, MAP_SHARED, memory.get(), 0);
    if (start == MAP_FAILED) return system_failure(fmt::format("map {}", what));
    return SealedMemory(std::move(memory), start, size);
}

Result<SealedMemory> SealedMemory::create(std::string_view what, std::size_t size) {
    OwnedFd memory(
        memfd_create(fmt::format("bundle: {}", what).c_str(), MFD_CLOEXEC | MFD_ALLOW_SEALING));
    if (!memory) return system_failure(fmt::format("create memory for {}", what));
    if (ftruncate(memory.get(), static_cast<off_t>(size)) != 0 ||
        fcntl(memory.get(), F_ADD_SEALS, kSeals) != 0 || fchmod(memory.get(), kOwnersAlone) != 0)
        return system_failure(fmt::format("size {}", what));
    return mapped(what, std::move(memory), size, Access::ReadAndWrite);
}

Result<SealedMemory> SealedMemory::open(std::string_view what, OwnedFd memory, Access access) {
    const int seals = fcntl(memory.get(), F_GET_SEALS);
    if (seals < 0) return system_failure(fmt::format("read the seals of {}", what));
    if ((seals & kSeals) != kSeals) return failure(fmt::format("{} is not sealed", what));
    struct stat about {};
    if (fstat(memory.get(), &about) != 0)
        return system_failure(fmt::format("read the size of {}", what));
    if (about.st_size == 0) return failure(fmt::format("{} is empty", what));
    return mapped(what, std::move(memory), static_cast<std::size_t>(about.st_size), access);
}

Result<OwnedFd> SealedMemory::read_only_descriptor(std::string_view what) const {
    OwnedFd descriptor(::open(fmt::format("/proc/self/fd/{}", fd()).c_str(), O_RDONLY | O_CLOEXEC));
    if (!descriptor) return system_failure(fmt::format("open {} for reading", what));
    return descriptor;
}

std::size_t SealedMemory::written() const {
    const off_t hole = lseek(fd(), 0, SEEK_HOLE);
    return hole < 0 ? 0 : static_cast<std::size_t>(hole);
}

SealedMemory::SealedMemory(SealedMemory&& other) noexcept
    : memory_(std::move(other.memory_)),
      start_(std::exchange(other.start_, nullptr)),
      size_(std::exchange(other.size_, 0)) {}

SealedMemory& SealedMemory::operator=(SealedMemory&& other) noexcept {
    std::swap(memory_, other.memory_);
    std::swap(start_, other.start_);
    std::swap(size_, other.size_);
    return *this;
}

SealedMemory::~SealedMemory() {
    if (start_ != nullptr) munmap(start_, size_);
}

}  // namespace bundle::wire
