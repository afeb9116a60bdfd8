#include "frontend/files/mime_types.hpp"

#include <algorithm>
#include <string>
#include <unordered_map>

#include "shared/http/headers.hpp"
#include "static/mime_types.hpp"

namespace bundle {

namespace {

constexpr std::string_view kUnknown = "application/octet-stream";
constexpr std::size_t kLongestExtension = 16;

using TypesByExtension = std::unordered_map<std::string_view, std::string>;

// The next word of the line; "" at its end.
std::string_view take_word(std::string_view& line) {
    line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
    const std::string_view word = line.substr(0, line.find_first_of(" \t"));
    line.remove_prefix(word.size());
    return word;
}

TypesByExtension types_in(std::string_view table) {
    TypesByExtension types;
    while (!table.empty()) {
        const std::size_t end = table.find('\n');
        std::string_view line = table.substr(0, end);
        table.remove_prefix(end == std::string_view::npos ? table.size() : end + 1);
        if (line.starts_with('#')) continue;

        const std::string type = with_charset(std::string(take_word(line)));
        for (auto extension = take_word(line); !extension.empty(); extension = take_word(line))
            types.emplace(extension, type);
    }
    return types;
}

}  // namespace

std::string with_charset(std::string type) {
    if (type.starts_with("text/") && type.find(';') == std::string::npos) type += "; charset=utf-8";
    return type;
}

std::string lower_ending_of(std::string_view file_name) {
    file_name.remove_prefix(file_name.rfind('/') + 1);  // npos + 1 is 0
    const std::size_t dot = file_name.rfind('.');
    if (dot == std::string_view::npos) return {};
    const std::string_view written = file_name.substr(dot + 1);
    if (written.size() > kLongestExtension) return {};
    std::string lower(written);
    std::ranges::transform(lower, lower.begin(), ascii_lower);
    return lower;
}

std::string_view mime_type_of(std::string_view file_name) {
    static const TypesByExtension types = types_in(kMimeTypes);
    const auto found = types.find(lower_ending_of(file_name));
    return found == types.end() ? kUnknown : std::string_view(found->second);
}

}  // namespace bundle
