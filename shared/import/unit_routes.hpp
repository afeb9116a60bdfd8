// The steps of Unit's routes, as routes of one site.
#pragma once
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "shared/import/draft.hpp"

namespace bundle::imported {

// `where` is their name: "routes", "routes/main".
void take_unit_routes(Import& out, const nlohmann::ordered_json& steps, const std::string& where,
                      const Place& place, const std::string& application);

// A text as it is, anything else as JSON.
std::string unit_text(const nlohmann::ordered_json& value);
// "" where there is no such text.
std::string unit_text_at(const nlohmann::ordered_json& object, const char* key);

}  // namespace bundle::imported
