#include "shared/http/weighted_list.hpp"

#include <algorithm>

#include "shared/http/headers.hpp"
#include "shared/http/token.hpp"

namespace bundle {

namespace {

// What stands before `delimiter`, which is taken too.
std::string_view take_until(std::string_view& text, char delimiter) {
    const std::size_t end = text.find(delimiter);
    const std::string_view piece = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    return without_white_space_around(piece);
}

// "0.85" is 850.
int thousandths(std::string_view text) {
    if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1')) return 1000;
    int value = (text[0] - '0') * 1000;
    int unit = 100;
    for (std::size_t at = 2; at < text.size(); ++at, unit /= 10) {
        if (text[at] < '0' || text[at] > '9') return 1000;
        value += (text[at] - '0') * unit;
    }
    return std::min(value, 1000);
}

int weight_in(std::string_view parameters) {
    while (!parameters.empty()) {
        std::string_view parameter = take_until(parameters, ';');
        if (equals_ignoring_case(take_until(parameter, '='), "q")) return thousandths(parameter);
    }
    return 1000;
}

}  // namespace

WeightedElement take_weighted(std::string_view& list) {
    std::string_view parameters = take_until(list, ',');
    const std::string_view value = take_until(parameters, ';');
    return {value, weight_in(parameters)};
}

}  // namespace bundle
