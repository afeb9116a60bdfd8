#include "frontend/http2/session_memory.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace bundle::http2 {

SessionPages::~SessionPages() {
    for (void* mapped : mapped_) munmap(mapped, kAtOnce * kSize);
}

char* SessionPages::take() {
    if (unused_.empty()) {
        if (sysconf(_SC_PAGESIZE) != static_cast<long>(kPage)) return nullptr;
        void* const mapped = mmap(nullptr, kAtOnce * kSize, PROT_READ | PROT_WRITE,
                                  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (mapped == MAP_FAILED) return nullptr;
        // A huge page would make all of them cost something with the first byte.
        madvise(mapped, kAtOnce * kSize, MADV_NOHUGEPAGE);
        mapped_.push_back(mapped);
        for (std::size_t i = 0; i < kAtOnce; ++i)
            unused_.push_back(static_cast<char*>(mapped) + i * kSize);
    }
    char* const pages = unused_.back();
    unused_.pop_back();
    return pages;
}

void SessionPages::give_back(char* pages) {
    forget(pages);
    unused_.push_back(pages);
}

void SessionPages::forget(char* pages) {
    if (madvise(pages, kSize, MADV_DONTNEED) != 0) std::memset(pages, 0, kSize);
}

SessionMemory::~SessionMemory() {
    if (pages_ != nullptr) pool_.give_back(pages_);
}

// nullptr: it is to lie elsewhere.
char* SessionMemory::place_for(std::size_t size) {
    if (size < kLarge || size > SessionPages::kSize - used_) return nullptr;
    const auto block = std::ranges::find(blocks_, nullptr, &Block::begin);
    if (block == blocks_.end()) return nullptr;
    if (pages_ == nullptr) pages_ = pool_.take();
    if (pages_ == nullptr) return nullptr;
    *block = {pages_ + used_, size};
    used_ += (size + SessionPages::kPage - 1) / SessionPages::kPage * SessionPages::kPage;
    return block->begin;
}

const SessionMemory::Block* SessionMemory::own(const void* block) const {
    const auto found = std::ranges::find(blocks_, block, &Block::begin);
    return block == nullptr || found == blocks_.end() ? nullptr : &*found;
}

void* SessionMemory::allocate(std::size_t size) {
    char* const place = place_for(size);
    return place != nullptr ? place : std::malloc(size);
}

void* SessionMemory::allocate_zeroed(std::size_t count, std::size_t size) {
    char* const place = place_for(count * size);  // which is zero
    return place != nullptr ? place : std::calloc(count, size);
}

void* SessionMemory::resize(void* block, std::size_t size) {
    if (block == nullptr) return allocate(size);
    const Block* const before = own(block);
    if (before == nullptr) return std::realloc(block, size);
    void* const moved = std::malloc(size);
    if (moved != nullptr) std::memcpy(moved, block, std::min(size, before->size));
    return moved;
}

// A block in the pages ends with the session: its place is not used twice.
void SessionMemory::release(void* block) {
    if (own(block) == nullptr) std::free(block);
}

void SessionMemory::sleep() {
    if (pages_ == nullptr || std::exchange(sleeps_, true)) return;
    static constexpr std::array<char, kPieceSize> kZero{};
    // With more, nothing would be gained.
    constexpr std::size_t kMostKept = SessionPages::kPage / kPieceSize;
    for (std::size_t at = 0; at < SessionPages::kSize / kPieceSize; ++at) {
        const char* const from = pages_ + at * kPieceSize;
        if (std::memcmp(from, kZero.data(), kPieceSize) == 0) continue;
        if (kept_.size() == kMostKept) return kept_.clear();
        std::memcpy(kept_.emplace_back(Piece{static_cast<std::uint16_t>(at), {}}).bytes.data(),
                    from, kPieceSize);
    }
    kept_.shrink_to_fit();
    SessionPages::forget(pages_);
}

void SessionMemory::restore() {
    for (const Piece& piece : kept_)
        std::memcpy(pages_ + piece.at * kPieceSize, piece.bytes.data(), kPieceSize);
    kept_ = {};
    sleeps_ = false;
}

}  // namespace bundle::http2
