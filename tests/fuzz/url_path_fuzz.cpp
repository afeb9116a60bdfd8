// Any bytes give a path that holds no dots, no empty segment and no NUL, or a verdict; a second,
// simpler reading agrees; and a path that was resolved stays what it is when it is encoded and
// resolved again.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/check.hpp"
#include "shared/http/url_path.hpp"

namespace bundle {

namespace {

std::optional<std::string> decoded(std::string_view encoded) {
    std::string bytes;
    for (std::size_t i = 0; i < encoded.size(); ++i) {
        if (encoded[i] != '%') {
            bytes += encoded[i];
            continue;
        }
        constexpr std::string_view kDigits = "0123456789abcdefABCDEF";
        const std::string digits(encoded.substr(i + 1, 2));
        if (digits.size() != 2 || digits.find_first_not_of(kDigits) != std::string::npos)
            return std::nullopt;
        bytes += static_cast<char>(std::stoi(digits, nullptr, 16));
        i += 2;
    }
    return bytes;
}

// A stack of segments; nothing when the path is refused.
std::optional<std::string> reference(std::string_view encoded) {
    const auto bytes = decoded(encoded);
    if (!encoded.starts_with('/') || !bytes || bytes->find('\0') != std::string::npos)
        return std::nullopt;
    std::vector<std::string> segments;
    std::string rest = bytes->substr(1) + '/';
    std::string last;
    for (std::size_t end = 0; (end = rest.find('/')) != std::string::npos; rest.erase(0, end + 1)) {
        last = rest.substr(0, end);
        if (last == "..") {
            if (segments.empty()) return std::nullopt;
            segments.pop_back();
        } else if (!last.empty() && last != ".") {
            segments.push_back(last);
        }
    }
    std::string path;
    for (const auto& segment : segments) path += "/" + segment;
    const bool is_folder = last.empty() || last == "." || last == "..";
    return path.empty() || is_folder ? path + "/" : path;
}

}  // namespace

}  // namespace bundle

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace bundle;
    const std::string_view encoded(reinterpret_cast<const char*>(data), size);
    std::string path;

    const auto verdict = resolve_path(encoded, path);

    const auto expected = reference(encoded);
    BUNDLE_CHECK((verdict == PathVerdict::Good) == expected.has_value());
    if (!expected) return 0;
    BUNDLE_CHECK(path == *expected);
    std::string again;
    BUNDLE_CHECK(resolve_path(encoded_path(path), again) == PathVerdict::Good);
    BUNDLE_CHECK(again == path);
    return 0;
}
