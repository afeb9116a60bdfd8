#include "shared/wire/slow_request.hpp"

#include <algorithm>

namespace bundle::wire {

namespace {

std::string_view take_line(std::string_view& text) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return line;
}

}  // namespace

std::string encode_slow_request(const SlowRequest& request) {
    std::string text;
    for (std::string_view line : {request.id, request.line}) text.append(take_line(line)) += '\n';
    const std::size_t cut = request.stack.size() - std::min(request.stack.size(), kMostOfStack);
    return text.append(request.stack.substr(cut));
}

SlowRequest decode_slow_request(std::string_view text) {
    SlowRequest request;
    request.id = take_line(text);
    request.line = take_line(text);
    request.stack = text;
    return request;
}

}  // namespace bundle::wire
