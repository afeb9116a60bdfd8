#include "frontend/observe/status_facts.hpp"

#include <algorithm>

namespace bundle {

std::size_t AppStatus::count_busy() const {
    return static_cast<std::size_t>(std::ranges::count_if(workers, &WorkerFacts::busy));
}

}  // namespace bundle
