#include "shared/wire/source_reports.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>

namespace bundle::wire {

namespace {

Result<sockaddr_un> address_of(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path) return failure(path + " is too long for a socket");
    std::ranges::copy(path, static_cast<char*>(address.sun_path));
    return address;
}

OwnedFd datagram_socket() {
    return OwnedFd(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
}

}  // namespace

Result<OwnedFd> open_source_reports(const std::string& path) {
    TRY_ASSIGN(const sockaddr_un address, address_of(path));
    OwnedFd socket = datagram_socket();
    unlink(path.c_str());  // the run directory is locked: it is of a master that has ended
    if (!socket || bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address))
        return system_failure("create the unix socket " + path);
    return socket;
}

void report_sources(const std::string& path, std::string_view folders) {
    const auto address = address_of(path);
    const OwnedFd socket = datagram_socket();
    if (!address || !socket) return;
    while (!folders.empty()) {
        // Whole lines only.
        const std::size_t most = std::min(folders.size(), kLongestSourceReport);
        const std::size_t end = most == folders.size() ? most : folders.rfind('\n', most - 1) + 1;
        if (end == 0) return;
        sendto(socket.get(), folders.data(), end, MSG_NOSIGNAL,
               reinterpret_cast<const sockaddr*>(&*address), sizeof *address);
        folders.remove_prefix(end);
    }
}

std::string hear_source_report(int socket) {
    std::string report(kLongestSourceReport, '\0');
    const ssize_t got = recv(socket, report.data(), report.size(), 0);
    report.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    return report;
}

}  // namespace bundle::wire
