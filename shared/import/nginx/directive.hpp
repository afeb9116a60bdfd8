// What an nginx.conf is made of.
#pragma once
#include <string>
#include <vector>

#include "shared/import/findings.hpp"

namespace bundle::imported {

struct Directive {
    std::string name;
    std::vector<std::string> arguments;
    bool has_block = false;
    std::vector<Directive> block;
    Place place;

    // "" where there is none.
    [[nodiscard]] std::string argument(std::size_t index) const {
        return index < arguments.size() ? arguments[index] : std::string();
    }
    [[nodiscard]] Said said() const {
        Said made{place, name};
        for (const std::string& argument : arguments) made.words += ' ' + argument;
        return made;
    }
};

using Directives = std::vector<Directive>;

}  // namespace bundle::imported
