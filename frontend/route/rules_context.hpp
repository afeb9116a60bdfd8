// What the rules of a snapshot lead to beyond the configuration.
#pragma once
#include <memory>

namespace bundle {

class CounterTable;  // frontend/observe/counters.hpp
class SpoolSpace;    // frontend/request/spool_space.hpp

struct RulesContext {
    SpoolSpace* space = nullptr;               // none: nothing is put on disk
    std::shared_ptr<CounterTable> counters{};  // none: nobody asks
};

}  // namespace bundle
