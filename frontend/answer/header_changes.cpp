#include "frontend/answer/header_changes.hpp"

#include <algorithm>

#include "shared/http/headers.hpp"

namespace bundle {

namespace {

// There are six of those that can be missing, and they come first.
constexpr std::uint64_t bit(std::size_t index) {
    return index < 64 ? std::uint64_t{1} << index : 0;
}

}  // namespace

void HeaderChanges::forget(std::string_view name) {
    std::erase_if(changes_,
                  [name](const Change& change) { return equals_ignoring_case(change.name, name); });
}

void HeaderChanges::add(Kind kind, std::string_view name, std::string_view value) {
    changes_.push_back({kind, std::string(name), std::string(value)});
}

void HeaderChanges::set(std::string_view name, std::string_view value) {
    forget(name);
    add(Kind::Set, name, value);
}

void HeaderChanges::remove(std::string_view name) {
    forget(name);
    changes_.push_back({Kind::Remove, std::string(name), ""});
}

void HeaderChanges::append(std::string_view name, std::string_view value) {
    add(Kind::Append, name, value);
}

void HeaderChanges::set_if_missing(std::string_view name, std::string_view value) {
    forget(name);
    add(Kind::SetIfMissing, name, value);
}

bool HeaderChanges::decide(std::string_view name) const {
    return std::ranges::any_of(changes_, [name](const Change& change) {
        return (change.kind == Kind::Set || change.kind == Kind::Remove) &&
               equals_ignoring_case(change.name, name);
    });
}

bool HeaderChanges::keeps(std::string_view name, std::uint64_t& seen) const {
    bool kept = true;
    for (std::size_t i = 0; i < changes_.size(); ++i) {
        const Change& change = changes_[i];
        if (change.name.size() != name.size() || !equals_ignoring_case(change.name, name)) continue;
        if (change.kind == Kind::SetIfMissing) seen |= bit(i);
        if (change.kind == Kind::Set || change.kind == Kind::Remove) kept = false;
    }
    return kept;
}

void HeaderChanges::append_to(HeadWriter& out, std::uint64_t seen) const {
    for (std::size_t i = 0; i < changes_.size(); ++i)
        if (changes_[i].kind != Kind::Remove && (seen & bit(i)) == 0)
            out.field(changes_[i].name, changes_[i].value);
}

}  // namespace bundle
