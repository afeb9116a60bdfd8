// The text format of Prometheus (version 0.0.4), word by word.
#pragma once
#include <string>
#include <string_view>

namespace bundle {

// Everything of a name stands together, below this.
void append_family(std::string& out, std::string_view name, std::string_view help,
                   std::string_view type);
// name="value"
void append_label(std::string& out, std::string_view name, std::string_view value);
std::string metric_number(double number);

}  // namespace bundle
