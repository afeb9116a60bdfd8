#include "shared/wire/request_slots.hpp"

#include <algorithm>
#include <string_view>

namespace bundle::wire {

namespace {

constexpr std::string_view kSlotsName = "the request slots";

}  // namespace

Result<RequestSlots> RequestSlots::create() {
    TRY_ASSIGN(auto memory, SealedMemory::create(kSlotsName, sizeof(Slots)));
    return RequestSlots(std::move(memory));
}

Result<RequestSlots> RequestSlots::open(OwnedFd fd) {
    TRY_ASSIGN(auto memory, SealedMemory::open(kSlotsName, std::move(fd)));
    if (memory.size() != sizeof(Slots)) return failure("the request slots have another size");
    return RequestSlots(std::move(memory));
}

void RequestSlots::offer(std::uint32_t stream) {
    Slot& it = slot(stream);
    it.client.store(ClientState::Listens, std::memory_order_relaxed);
    it.offered.store(stream, std::memory_order_release);
}

bool RequestSlots::has_offer() const {
    return std::ranges::any_of(slots(), [](const Slot& slot) {
        return slot.offered.load(std::memory_order_acquire) != 0;
    });
}

bool RequestSlots::take_back(std::uint32_t stream) {
    return slot(stream).offered.compare_exchange_strong(stream, 0, std::memory_order_acq_rel);
}

}  // namespace bundle::wire
