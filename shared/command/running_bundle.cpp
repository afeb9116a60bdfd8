#include "shared/command/running_bundle.hpp"

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <functional>

#include "shared/base/exit_status.hpp"
#include "shared/base/owned_fd.hpp"

namespace bundle {

namespace {

Result<std::string> socket_of(const RunningArguments& arguments) {
    if (!arguments.control.empty()) return arguments.control;
    TRY_ASSIGN(LoadRequest request, load_request(arguments.config));
    request.demand = Demand::WellFormed;  // whether it can serve is for the one that runs to say
    const auto loaded = load_config(request);
    if (loaded) return loaded->config.control.path;
    return failure(loaded.error().message +
                   "\nbundle: so this file does not tell where the running bundle is asked; name "
                   "its socket with --control PATH");
}

Result<OwnedFd> connected(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path) return failure(path + " is too long for a socket");
    path.copy(static_cast<char*>(address.sun_path), path.size());
    OwnedFd socket(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0));
    if (!socket) return system_failure("create a socket");
    if (connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0)
        return socket;
    if (errno == ENOENT || errno == ECONNREFUSED) {
        return failure(fmt::format(
            "no bundle runs here: nobody answers at {}. One that was started with another file, "
            "user or --set has another socket; name it with --control PATH",
            path));
    }
    if (errno == EACCES)
        return failure(fmt::format(
            "you may not command the bundle at {}, whose control.mode leaves that to the "
            "user who started it; ask as that one, or as root",
            path));
    return system_failure("connect to the bundle at " + path);
}

void show(std::FILE* to, const std::string& text) {
    if (text.empty()) return;
    fmt::print(to, "{}{}", text, text.ends_with('\n') ? "" : "\n");
    std::fflush(to);  // who waits wants to see it
}

using Hear = std::function<void(const wire::CommandReply& reply)>;

// Until the last one, which it returns.
Result<wire::CommandReply> hear_replies(const OwnedFd& socket, const Hear& hear) {
    std::string datagram(wire::kMaxCommandReply, '\0');
    for (;;) {
        const ssize_t got = recv(socket.get(), datagram.data(), datagram.size(), 0);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return failure("the bundle ended, or has too much to do, before it was done");
        TRY_ASSIGN(const auto reply, wire::decode_reply(std::string_view(datagram).substr(
                                         0, static_cast<std::size_t>(got))));
        hear(reply);
        if (reply.kind == wire::ReplyKind::Last) return reply;
    }
}

Result<wire::CommandReply> command(const std::string& path, const wire::CommandRequest& request,
                                   const Hear& hear) {
    TRY_ASSIGN(const OwnedFd socket, connected(path));
    const std::string datagram = wire::encode_command(request);
    if (send(socket.get(), datagram.data(), datagram.size(), MSG_NOSIGNAL) < 0)
        return failure(fmt::format("ask the bundle: {}", std::strerror(errno)));
    return hear_replies(socket, hear);
}

}  // namespace

void add_running_arguments(CLI::App& verb, RunningArguments& arguments) {
    add_config_arguments(verb, arguments.config);
    verb.add_option("--control", arguments.control,
                    "Control socket of the running bundle [control.path of the file]")
        ->type_name("PATH");
}

int command_running_bundle(const RunningArguments& arguments, const wire::CommandRequest& request) {
    const auto path = socket_of(arguments);
    if (!path) {
        fmt::print(stderr, "{}\n", path.error().message);
        return kExitUsage;
    }
    const auto last = command(*path, request, [](const wire::CommandReply& reply) {
        show(reply.status == kExitWell ? stdout : stderr, reply.text);
    });
    if (last) return last->status;
    fmt::print(stderr, "bundle: {}\n", last.error().message);
    return kExitFailed;
}

Result<std::string> ask_running_bundle(const RunningArguments& arguments,
                                       const wire::CommandRequest& request) {
    TRY_ASSIGN(const std::string path, socket_of(arguments));
    std::string text;
    TRY_ASSIGN(const auto last, command(path, request, [&](const wire::CommandReply& reply) {
                   text += reply.text;
               }));
    if (last.status != kExitWell) return failure(last.text);
    return text;
}

wire::CommandRequest status_request(wire::StatusForm form, std::string app) {
    return {wire::Command::Status, static_cast<std::uint32_t>(form), std::move(app)};
}

}  // namespace bundle
