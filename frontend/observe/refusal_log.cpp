#include "frontend/observe/refusal_log.hpp"

namespace bundle {

bool RefusalLog::may_tell(Limit limit, TimePoint now) {
    Kind& kind = kinds_[static_cast<std::size_t>(limit)];
    if (now >= kind.until) {
        kind.until = now + std::chrono::seconds(1);
        kind.told = 0;
    }
    if (kind.told < kLinesPerSecond) {
        ++kind.told;
        return true;
    }
    ++kind.left_out;
    return false;
}

}  // namespace bundle
