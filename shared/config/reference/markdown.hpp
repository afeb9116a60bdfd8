// conf/reference.md: every option, for people.
#pragma once
#include <string>

namespace bundle::config {

std::string markdown_reference();

}  // namespace bundle::config
