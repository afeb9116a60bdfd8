#include "shared/wire/control.hpp"

#include <fmt/format.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>

#include "shared/wire/codec.hpp"
#include "shared/wire/descriptor_socket.hpp"

namespace bundle::wire {

namespace {

// Enough for the text, the longest name of an app, and the numbers.
constexpr std::size_t kMaxDatagram = kMaxControlText + 4096;

constexpr std::array kTypes = {
    ControlType::Ready,        ControlType::WorkersReady, ControlType::Failed,
    ControlType::Prepared,     ControlType::Noted,        ControlType::Drain,
    ControlType::Hurry,        ControlType::NotReady,     ControlType::Prepare,
    ControlType::Commit,       ControlType::Abandon,      ControlType::Reloading,
    ControlType::Retire,       ControlType::Logs,         ControlType::Scale,
    ControlType::Certificates, ControlType::HandOver,     ControlType::Maintenance,
    ControlType::MoreWorkers,  ControlType::FewerWorkers, ControlType::WorkerEnded,
    ControlType::Status,       ControlType::TellStatus,   ControlType::ReloadFailed,
    ControlType::Stacks,       ControlType::TellStacks,   ControlType::WorkerListener,
    ControlType::NotBooted,    ControlType::Alive,        ControlType::Ping,
    ControlType::CutOff,       ControlType::SlowRequest,  ControlType::Hold,
    ControlType::Restarts,     ControlType::Unresponsive};

void layout(auto& codec, auto& type, auto& message, auto& app, auto& text) {
    codec.number(type);
    codec.number(message.generation);
    codec.number(message.count);
    codec.text(app);
    codec.text(text);
}

}  // namespace

std::string encode_control(const ControlMessage& message) {
    const std::string_view whole = message.text;
    const std::string_view text =
        whole.substr(whole.size() - std::min(whole.size(), kMaxControlText));
    const auto type = static_cast<std::uint8_t>(message.type);

    Measure measure;
    layout(measure, type, message, message.app, text);
    std::string datagram(measure.size(), '\0');
    Writer writer(datagram.data());
    layout(writer, type, message, message.app, text);
    return datagram;
}

Result<ControlMessage> decode_control(std::string_view datagram) {
    std::uint8_t plain = 0;
    ControlMessage message;
    std::string_view app;
    std::string_view text;
    Reader reader(datagram);
    layout(reader, plain, message, app, text);

    message.type = static_cast<ControlType>(plain);
    if (!reader.finished() || text.size() > kMaxControlText ||
        std::ranges::find(kTypes, message.type) == kTypes.end()) {
        return failure(fmt::format("a control message of type {} and {} bytes is malformed", plain,
                                   datagram.size()));
    }
    message.app = app;
    message.text = text;
    return message;
}

Result<void> send_control(int socket, const ControlMessage& message,
                          std::span<const int> descriptors) {
    const std::string datagram = encode_control(message);
    ssize_t sent = 0;
    do {
        sent = send_with_descriptors(socket, datagram, descriptors);
    } while (sent < 0 && errno == EINTR);
    if (sent < 0) return system_failure("send on the control socket");
    return {};
}

Result<std::optional<ControlMessage>> receive_control(int socket) {
    std::vector<OwnedFd> unwanted;
    return receive_control(socket, unwanted);
}

Result<std::optional<ControlMessage>> receive_control(int socket,
                                                      std::vector<OwnedFd>& descriptors) {
    std::string datagram(kMaxDatagram, '\0');
    ssize_t received = 0;
    do {
        received = receive_datagram(socket, datagram, descriptors);
        // ECONNRESET comes once, when the other side left without reading everything that we sent.
        // What it said last (why it failed) still waits behind that.
    } while (received < 0 && (errno == EINTR || errno == ECONNRESET));
    if (received < 0) return system_failure("receive on the control socket");
    if (received == 0) return std::nullopt;
    if (static_cast<std::size_t>(received) > datagram.size())
        return failure(fmt::format("a control message of {} bytes is too long", received));
    datagram.resize(static_cast<std::size_t>(received));
    TRY_ASSIGN(ControlMessage message, decode_control(datagram));
    return message;
}

}  // namespace bundle::wire
