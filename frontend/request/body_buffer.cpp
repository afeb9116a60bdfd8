#include "frontend/request/body_buffer.hpp"

#include <utility>

namespace bundle {

BodyAppend BodyBuffer::append(std::string_view bytes, const BodyLimits& limits) {
    if (bytes.empty()) return BodyAppend::Kept;
    if (bytes.size() > limits.max.count - size()) return BodyAppend::TooLarge;
    if (!spool_.is_open() && memory_.size() + bytes.size() <= limits.memory.count) {
        memory_.append(bytes);
        return BodyAppend::Kept;
    }
    if (!spool_.is_open() && !memory_.empty()) {
        if (const auto moved = spool(memory_, *limits.space); moved != BodyAppend::Kept)
            return moved;
        memory_ = std::string();
    }
    return spool(bytes, *limits.space);
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
    constexpr std::size_t kWorthKeeping = 4096;
    if (memory_.capacity() > kWorthKeeping) {
        memory_ = std::string();
    } else {
        memory_.clear();
    }
    spool_.close();
}

}  // namespace bundle
