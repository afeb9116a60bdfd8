#include "backend/python/left_behind.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <pybind11/pybind11.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <charconv>
#include <filesystem>
#include <vector>

namespace bundle {

namespace py = pybind11;

namespace {

std::set<int> open_sockets() {
    std::set<int> sockets;
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
        const std::string name = entry.path().filename();
        int number = -1;
        std::from_chars(name.data(), name.data() + name.size(), number);
        struct stat facts {};
        if (fstat(number, &facts) == 0 && S_ISSOCK(facts.st_mode)) sockets.insert(number);
    }
    return sockets;
}

// Of its other end, or where it listens.
std::string address_of(int socket) {
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    if (getpeername(socket, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
        size = sizeof address;
        getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size);
    }
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (address.ss_family == AF_INET) {
        const auto& ipv4 = reinterpret_cast<const sockaddr_in&>(address);
        inet_ntop(AF_INET, &ipv4.sin_addr, text.data(), text.size());
        return fmt::format("{}:{}", text.data(), ntohs(ipv4.sin_port));
    }
    if (address.ss_family == AF_INET6) {
        const auto& ipv6 = reinterpret_cast<const sockaddr_in6&>(address);
        inet_ntop(AF_INET6, &ipv6.sin6_addr, text.data(), text.size());
        return fmt::format("[{}]:{}", text.data(), ntohs(ipv6.sin6_port));
    }
    if (address.ss_family == AF_UNIX) {
        const std::string path = reinterpret_cast<const sockaddr_un&>(address).sun_path;
        return path.empty() ? "unix" : "unix:" + path;
    }
    return fmt::format("descriptor {}", socket);
}

std::size_t other_threads() {
    const std::filesystem::directory_iterator tasks("/proc/self/task");
    return static_cast<std::size_t>(std::distance(begin(tasks), end(tasks))) - 1;
}

// Of those that Python knows, besides the main one.
std::vector<std::string> thread_names() {
    std::vector<std::string> names;
    try {
        const py::module_ threading = py::module_::import("threading");
        const py::object main = threading.attr("main_thread")();
        for (const py::handle thread : threading.attr("enumerate")())
            if (!thread.is(main)) names.push_back(thread.attr("name").cast<std::string>());
    } catch (const std::exception&) {
        names.clear();  // their number is told all the same
    }
    return names;
}

std::string counted(std::size_t count, std::string_view what,
                    const std::vector<std::string>& names) {
    std::string text = fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
    if (!names.empty()) text += fmt::format(" ({})", fmt::join(names, ", "));
    return text;
}

}  // namespace

LeftBehind::LeftBehind() : sockets_before_(open_sockets()) {}

std::string LeftBehind::told() const {
    std::vector<std::string> addresses;
    for (const int socket : open_sockets())
        if (!sockets_before_.contains(socket)) addresses.push_back(address_of(socket));
    const std::size_t threads = other_threads();
    std::string text = threads > 0 ? counted(threads, "thread", thread_names()) : "";
    if (addresses.empty()) return text;
    if (!text.empty()) text += " and ";
    return text + counted(addresses.size(), "socket", addresses);
}

}  // namespace bundle
