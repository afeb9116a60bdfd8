#include "frontend/observe/metric_words.hpp"

#include <fmt/format.h>

#include <cmath>

namespace bundle {

namespace {

enum class Quotes { Plain, Escaped };

void append_escaped(std::string& out, std::string_view text, Quotes quotes) {
    for (const char c : text) {
        if (c == '\\' || (c == '"' && quotes == Quotes::Escaped)) out += '\\';
        if (c == '\n')
            out += "\\n";
        else
            out += c;
    }
}

}  // namespace

void append_family(std::string& out, std::string_view name, std::string_view help,
                   std::string_view type) {
    out.append("# HELP ").append(name).append(" ");
    append_escaped(out, help, Quotes::Plain);
    out.append("\n# TYPE ").append(name).append(" ").append(type).append("\n");
}

void append_label(std::string& out, std::string_view name, std::string_view value) {
    out.append(name).append("=\"");
    append_escaped(out, value, Quotes::Escaped);
    out += '"';
}

std::string metric_number(double number) {
    if (std::isnan(number)) return "NaN";
    if (std::isinf(number)) return number < 0 ? "-Inf" : "+Inf";
    return fmt::format("{}", number);
}

}  // namespace bundle
