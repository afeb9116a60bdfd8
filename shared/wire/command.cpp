#include "shared/wire/command.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "shared/wire/codec.hpp"

namespace bundle::wire {

namespace {

constexpr Command kLastCommand = Command::Stack;

void layout_request(auto& codec, auto& command, auto& count, auto& app) {
    codec.enumerated(command, kLastCommand);
    codec.number(count);
    codec.text(app);
}

void layout_reply(auto& codec, auto& kind, auto& status, auto& text) {
    codec.enumerated(kind, ReplyKind::Last);
    codec.number(status);
    codec.text(text);
}

std::string encoded(const auto& layout) {
    Measure measure;
    layout(measure);
    std::string datagram(measure.size(), '\0');
    Writer writer(datagram.data());
    layout(writer);
    return datagram;
}

Error malformed(std::string_view what, std::string_view datagram) {
    return {fmt::format("a {} of {} bytes is malformed", what, datagram.size())};
}

}  // namespace

std::string encode_command(const CommandRequest& request) {
    const std::string_view app = request.app;
    return encoded(
        [&](auto& codec) { layout_request(codec, request.command, request.count, app); });
}

Result<CommandRequest> decode_command(std::string_view datagram) {
    CommandRequest request;
    std::string_view app;
    Reader reader(datagram);
    layout_request(reader, request.command, request.count, app);
    const bool known = request.command != Command{};
    if (!reader.finished() || !known || datagram.size() > kMaxCommandRequest)
        return tl::unexpected(malformed("command", datagram));
    request.app = app;
    return request;
}

std::string encode_reply(const CommandReply& reply) {
    const std::string_view whole = reply.text;
    const std::string_view text =
        whole.substr(whole.size() - std::min(whole.size(), kMaxReplyText));
    return encoded([&](auto& codec) { layout_reply(codec, reply.kind, reply.status, text); });
}

Result<CommandReply> decode_reply(std::string_view datagram) {
    CommandReply reply;
    std::string_view text;
    Reader reader(datagram);
    layout_reply(reader, reply.kind, reply.status, text);
    const bool known = reply.kind != ReplyKind{};
    if (!reader.finished() || !known || text.size() > kMaxReplyText)
        return tl::unexpected(malformed("reply", datagram));
    reply.text = text;
    return reply;
}

}  // namespace bundle::wire
