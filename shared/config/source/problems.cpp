#include "shared/config/source/problems.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace bundle::config {

namespace {

auto position(const Origin& origin) {
    const auto kind = origin.source ? origin.source->kind : Source::Kind::File;
    const auto order = origin.source ? origin.source->order : 0;
    return std::tuple(kind, order, origin.line, origin.column);
}

}  // namespace

void Problems::add(const Origin& where, std::string text) {
    problems_.push_back({where, std::move(text)});
}

Error Problems::error() const {
    std::vector<Problem> sorted = problems_;
    std::ranges::stable_sort(sorted, {}, [](const Problem& p) { return position(p.where); });
    std::string message;
    for (const Problem& problem : sorted) {
        if (!message.empty()) message += '\n';
        message += problem.where.place() + ": " + problem.text;
    }
    return {std::move(message)};
}

}  // namespace bundle::config
