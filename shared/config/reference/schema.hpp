// conf/schema.json: every option, for editors that complete and check TOML by JSON Schema.
#pragma once
#include <string>

namespace bundle::config {

// Draft 2020-12.
std::string json_schema();

}  // namespace bundle::config
