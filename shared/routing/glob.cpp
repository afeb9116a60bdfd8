#include "shared/routing/glob.hpp"

namespace bundle {

Glob::Glob(std::string_view pattern) : of_last_segment_(!pattern.starts_with('/')) {
    using Kind = Step::Kind;
    pattern = pattern.substr(0, kLongest);
    while (!pattern.empty()) {
        const char c = pattern.front();
        const bool is_double = pattern.starts_with("**");
        pattern.remove_prefix(is_double ? 2 : 1);
        if (is_double)
            steps_.push_back({Kind::BytesAndSlashes});
        else if (c == '*')
            steps_.push_back({Kind::Bytes});
        else if (c == '?')
            steps_.push_back({Kind::AnyByte});
        else
            steps_.push_back({Kind::Byte, c});
    }
}

// What stands for any number of bytes stands for none, too.
void Glob::enter(Places& places, std::size_t step) const {
    places.set(step);
    while (step < steps_.size() && steps_[step].kind >= Step::Kind::Bytes) places.set(++step);
}

Glob::Places Glob::after(const Places& before, char c) const {
    Places places;
    for (std::size_t step = 0; step < steps_.size(); ++step) {
        if (!before.test(step)) continue;
        switch (steps_[step].kind) {
            case Step::Kind::Byte:
                if (c == steps_[step].byte) enter(places, step + 1);
                break;
            case Step::Kind::AnyByte:
                if (c != '/') enter(places, step + 1);
                break;
            case Step::Kind::Bytes:
                if (c != '/') enter(places, step);
                break;
            case Step::Kind::BytesAndSlashes:
                enter(places, step);
                break;
        }
    }
    return places;
}

bool Glob::matches(std::string_view path) const {
    if (of_last_segment_) path.remove_prefix(path.rfind('/') + 1);  // npos + 1 is 0
    Places places;
    enter(places, 0);
    for (const char c : path) {
        places = after(places, c);
        if (places.none()) return false;
    }
    return places.test(steps_.size());
}

}  // namespace bundle
