// Where the tests of answers keep what does not fit into memory.
#pragma once
#include "frontend/request/spool_space.hpp"

namespace bundle {

inline SpoolSpace& temp() {
    static SpoolSpace space({.directory = "/tmp", .min_free = {}});
    return space;
}

}  // namespace bundle
