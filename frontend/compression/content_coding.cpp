#include "frontend/compression/content_coding.hpp"

#include <algorithm>
#include <optional>

#include "shared/http/weighted_list.hpp"

namespace bundle {

namespace {

constexpr std::array<Coding, kCodings> kAll = {Coding::Brotli, Coding::Zstd, Coding::Gzip};

}  // namespace

std::string_view coding_name(Coding coding) {
    constexpr std::array<std::string_view, kCodings> kNames = {"br", "zstd", "gzip"};
    return kNames.at(index_of(coding));
}

std::string_view coding_ending(Coding coding) {
    constexpr std::array<std::string_view, kCodings> kEndings = {".br", ".zst", ".gz"};
    return kEndings.at(index_of(coding));
}

bool is_built_in(Coding coding) {
    constexpr std::array<bool, kCodings> kBuiltIn = {BUNDLE_HAS_BROTLI, BUNDLE_HAS_ZSTD, true};
    return kBuiltIn.at(index_of(coding));
}

AcceptedCodings::AcceptedCodings(std::string_view accept_encoding) {
    std::array<std::optional<int>, kCodings> weights;
    std::optional<int> of_others;
    int of_identity = 0;
    while (!accept_encoding.empty()) {
        const auto [value, weight] = take_weighted(accept_encoding);
        const auto is = [&value = value](std::string_view name) {
            return equals_ignoring_case(value, name);
        };
        if (is("*")) of_others = weight;
        if (is("identity")) of_identity = weight;
        if (is("x-gzip")) weights.at(index_of(Coding::Gzip)) = weight;
        for (const Coding coding : kAll)
            if (is(coding_name(coding))) weights.at(index_of(coding)) = weight;
    }
    const auto weight_of = [&](Coding coding) {
        return weights.at(index_of(coding)).value_or(of_others.value_or(0));
    };
    for (const Coding coding : kAll) {
        if (weight_of(coding) <= 0 || weight_of(coding) < of_identity) continue;
        weights_.at(index_of(coding)) = weight_of(coding);
        order_.at(count_++) = coding;
    }
    std::stable_sort(order_.data(), order_.data() + count_,
                     [&](Coding a, Coding b) { return weight_of(a) > weight_of(b); });
}

AcceptedCodings AcceptedCodings::of(const Headers& fields) {
    const HeaderField* const first = find_field(fields, "accept-encoding");
    if (first == nullptr) return {};
    // The lines of a list are one (RFC 9110 section 5.3).
    std::string joined;
    for (const HeaderField* field = first + 1; field < fields.data() + fields.size(); ++field)
        if (equals_ignoring_case(field->name, first->name)) joined.append(",").append(field->value);
    return AcceptedCodings(joined.empty() ? first->value : std::string(first->value) + joined);
}

std::optional<Coding> AcceptedCodings::best_of(const std::vector<std::string>& ours) const {
    std::optional<Coding> best;
    for (const std::string& name : ours)
        for (const Coding coding : *this)
            if (name == coding_name(coding) && is_built_in(coding) &&
                (!best || weights_.at(index_of(coding)) > weights_.at(index_of(*best))))
                best = coding;
    return best;
}

bool AcceptedCodings::has(Coding coding) const {
    return std::find(begin(), end(), coding) != end();
}

}  // namespace bundle
