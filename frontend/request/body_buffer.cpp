#include "frontend/request/body_buffer.hpp"

#include <utility>

namespace bundle {

BodyAppend BodyBuffer::append(std::string_view bytes, const BodyLimits& limits) {
    if (bytes.size() > limits.max.count - size()) return BodyAppend::TooLarge;
    if (!spool_.is_open() && memory_.size() + bytes.size() <= limits.memory.count) {
        memory_.append(bytes);
        return BodyAppend::Kept;
    }
    if (!spool_.is_open() && !memory_.empty()) {
        if (auto moved = spool_.append(memory_, limits.temp_directory); !moved) {
            error_ = moved.error().message;
            return BodyAppend::NoSpace;
        }
        memory_ = std::string();
    }
    if (auto written = spool_.append(bytes, limits.temp_directory); !written) {
        error_ = written.error().message;
        return BodyAppend::NoSpace;
    }
    return BodyAppend::Kept;
}

void BodyBuffer::clear() {
    constexpr std::size_t kWorthKeeping = 4096;
    if (memory_.capacity() > kWorthKeeping) {
        memory_ = std::string();
    } else {
        memory_.clear();
    }
    spool_.close();
    error_.clear();
}

}  // namespace bundle
