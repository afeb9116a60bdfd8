// What the front and one thread of a worker know of the requests between them, in memory that both
// share: whether a request has been begun, and whether its client is still there.
//
// So the front may send a request while the one before it is still being served, and take it back
// for another worker as long as it has not been begun: the worker finds its next request without
// going to sleep, and no request is ever bound to a worker that others could serve before. And when
// a worker dies, what it had not begun is known.
//
// There are two slots, for streams with an odd and with an even number: one request is being
// served, one may be ahead of its time. The front offers it, then sends its frame; either the
// worker begins it, or the front takes it back and the worker skips the frame: who comes first has
// it.
#pragma once
#include <array>
#include <atomic>
#include <cstdint>

#include "shared/wire/sealed_memory.hpp"

namespace bundle::wire {

enum class ClientState : std::uint32_t {
    Listens = 0,
    EndedItsSide = 1,  // it may have left, or only have said all it had
    Left = 2,
};

// The memory is the worker's, which can do harm only to its own requests: whatever it writes, each
// request is taken by the front at most once.
class RequestSlots {
  public:
    static Result<RequestSlots> create();
    static Result<RequestSlots> open(OwnedFd memory);

    // ---- the front ----
    void offer(std::uint32_t stream);
    // False: it has been begun.
    bool take_back(std::uint32_t stream);
    [[nodiscard]] bool has_begun(std::uint32_t stream) const {
        return slot(stream).offered.load(std::memory_order_acquire) != stream;
    }
    void tell_client(std::uint32_t stream, ClientState state) {
        slot(stream).client.store(state, std::memory_order_relaxed);
    }

    // ---- the worker ----
    // False: it has been taken back.
    bool begin(std::uint32_t stream) { return take_back(stream); }
    // One has been offered that is neither begun nor taken back: its frame is on its way.
    [[nodiscard]] bool has_offer() const;
    [[nodiscard]] ClientState client(std::uint32_t stream) const {
        return slot(stream).client.load(std::memory_order_relaxed);
    }

    [[nodiscard]] int fd() const { return memory_.fd(); }
    void close_descriptor() { memory_.close_descriptor(); }

  private:
    struct Slot {
        std::atomic<std::uint32_t> offered;  // a stream; 0: none
        std::atomic<ClientState> client;
    };
    using Slots = std::array<Slot, 2>;
    static_assert(std::atomic<ClientState>::is_always_lock_free);

    explicit RequestSlots(SealedMemory memory) : memory_(std::move(memory)) {}
    [[nodiscard]] Slots& slots() const { return *static_cast<Slots*>(memory_.start()); }
    [[nodiscard]] Slot& slot(std::uint32_t stream) const { return slots()[stream % 2]; }

    SealedMemory memory_;
};

}  // namespace bundle::wire
