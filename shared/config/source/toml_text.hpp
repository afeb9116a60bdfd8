// TOML text to nodes: the one file that knows toml++.
#pragma once
#include <memory>
#include <string_view>
#include <tl/expected.hpp>

#include "shared/config/source/node.hpp"
#include "shared/config/source/problems.hpp"

namespace bundle::config {

// The root table of `text`, or why it is not TOML.
tl::expected<Node, Problem> parse_toml(std::string_view text, std::shared_ptr<const Source> source);

}  // namespace bundle::config
