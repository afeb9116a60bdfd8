// Memory that processes share, of a size that nobody can change: a peer that shrank it would end
// its readers by SIGBUS.
#pragma once
#include <cstddef>
#include <string_view>

#include "shared/base/owned_fd.hpp"
#include "shared/base/result.hpp"

namespace bundle::wire {

class SealedMemory {
  public:
    // Zeroed. `what` is for messages: "the scoreboard".
    static Result<SealedMemory> create(std::string_view what, std::size_t size);
    // What came as a descriptor; its seals are checked, its size is for the caller to judge.
    enum class Access { ReadAndWrite, Read };
    static Result<SealedMemory> open(std::string_view what, OwnedFd memory,
                                     Access access = Access::ReadAndWrite);

    SealedMemory(SealedMemory&& other) noexcept;
    SealedMemory& operator=(SealedMemory&& other) noexcept;
    SealedMemory(const SealedMemory&) = delete;
    SealedMemory& operator=(const SealedMemory&) = delete;
    ~SealedMemory();

    [[nodiscard]] void* start() const { return start_; }
    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] int fd() const { return memory_.get(); }
    // For whoever may only look: as another user it cannot make more of it.
    [[nodiscard]] Result<OwnedFd> read_only_descriptor(std::string_view what) const;
    // What nobody has written to from some byte on is a hole; this many bytes stand before it.
    [[nodiscard]] std::size_t written() const;
    // It stays mapped without the descriptor.
    void close_descriptor() { memory_ = OwnedFd(); }

  private:
    static Result<SealedMemory> mapped(std::string_view what, OwnedFd memory, std::size_t size,
                                       Access access);
    SealedMemory(OwnedFd memory, void* start, std::size_t size)
        : memory_(std::move(memory)), start_(start), size_(size) {}

    OwnedFd memory_;
    void* start_ = nullptr;
    std::size_t size_ = 0;
};

}  // namespace bundle::wire
