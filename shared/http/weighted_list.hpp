// The elements of lists with weights: Accept, Accept-Encoding (RFC 9110 section 12.4.2).
#pragma once
#include <string_view>

namespace bundle {

struct WeightedElement {
    std::string_view value;
    int weight = 1000;  // thousandths; 0: not wanted
};

// Takes the first element off the list. What is no weight is one, as if it had not been there.
WeightedElement take_weighted(std::string_view& list);

}  // namespace bundle
