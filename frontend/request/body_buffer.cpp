#include "frontend/request/body_buffer.hpp"

#include <utility>

namespace bundle {

BodyAppend BodyBuffer::append(std::string_view bytes, const BodyLimits& limits) {
    if (bytes.empty()) return BodyAppend::Kept;
    if (bytes.size() > limits.max.count - size()) return BodyAppend::TooLarge;
    constexpr std::uint64_t kGathered = 8U << 10;
    if (memory_.size() + bytes.size() <= (spooled() ? kGathered : limits.memory.count)) {
        memory_.append(bytes);
        return BodyAppend::Kept;
    }
    if (const auto moved = empty_memory(*limits.space); moved != BodyAppend::Kept) return moved;
    return spool(bytes, *limits.space);
}

BodyAppend BodyBuffer::empty_memory(SpoolSpace& space) {
    if (memory_.empty()) return BodyAppend::Kept;
    const auto moved = spool(memory_, space);
    if (moved == BodyAppend::Kept) forget_memory();
    return moved;
}

BodyAppend BodyBuffer::spool(std::string_view bytes, SpoolSpace& space) {
    switch (spool_.append(bytes, space)) {
        case Spooled::Kept:
            return BodyAppend::Kept;
        case Spooled::NoRoom:
            return BodyAppend::NoRoom;
        case Spooled::Failed:
            return BodyAppend::Failed;
    }
    return BodyAppend::Failed;
}

void BodyBuffer::clear() {
    forget_memory();
    spool_.close();
}

void BodyBuffer::forget_memory() {
    constexpr std::size_t kWorthKeeping = 4096;
    if (memory_.capacity() > kWorthKeeping) {
        memory_ = std::string();
    } else {
        memory_.clear();
    }
}

}  // namespace bundle
