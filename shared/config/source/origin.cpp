#include "shared/config/source/origin.hpp"

#include <fmt/format.h>

namespace bundle::config {

namespace {

std::string name_of(const Source& source) {
    switch (source.kind) {
        case Source::Kind::File:
            return source.name;
        case Source::Kind::Environment:
            return "environment " + source.name;
        case Source::Kind::CommandLine:
            return source.name.starts_with("--") ? source.name : "--set " + source.name;
    }
    return source.name;
}

}  // namespace

std::string Origin::place() const {
    if (!source) return "default";
    if (line == 0) return name_of(*source);
    return fmt::format("{}:{}:{}", name_of(*source), line, column);
}

std::string Origin::comment() const {
    if (!source || line == 0) return place();
    return fmt::format("{}:{}", name_of(*source), line);
}

const Origin& nearest_origin(const Origins& origins, std::string_view name) {
    static const Origin nowhere;
    for (;;) {
        if (const auto found = origins.find(name); found != origins.end()) return found->second;
        if (name.empty()) return nowhere;
        const std::size_t dot = name.rfind('.');
        name = name.substr(0, dot == std::string_view::npos ? 0 : dot);
    }
}

}  // namespace bundle::config
