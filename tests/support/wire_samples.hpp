// The table of the wire's codec: what is said beside the bytes that say it.
#pragma once
#include <ostream>
#include <string_view>
#include <vector>

#include "tests/support/wire_message.hpp"

namespace bundle::wire {

struct WireSample {
    std::string_view name;
    Spoken spoken;
    std::string_view bytes;

    friend void PrintTo(const WireSample& sample, std::ostream* out) { *out << sample.name; }
};

const std::vector<WireSample>& wire_samples();

}  // namespace bundle::wire
