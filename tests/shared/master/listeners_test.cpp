#include "shared/master/listeners.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>

#include <filesystem>

#include "tests/support/temp_directory.hpp"

namespace bundle {

namespace {

using testing::HasSubstr;
using testing::MatchesRegex;

ListenConfig at(std::string address) {
    ListenConfig config;
    config.address = std::move(address);
    config.mode = 0660;
    config.backlog = 16;
    return config;
}

Result<std::vector<Listener>> open_at(const std::string& address, InheritedSockets inherited = {}) {
    return open_listeners({at(address)}, inherited);
}

int option(const OwnedFd& socket, int level, int name) {
    int value = -1;
    socklen_t size = sizeof value;
    getsockopt(socket.get(), level, name, &value, &size);
    return value;
}

bool connects(const std::string& path) {
    const OwnedFd client(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(static_cast<char*>(address.sun_path), sizeof address.sun_path - 1);
    return connect(client.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
}

}  // namespace

TEST(Listeners, PortZeroBecomesTheRealPort) {
    const auto listeners = open_at("127.0.0.1:0");

    ASSERT_TRUE(listeners) << listeners.error().message;
    ASSERT_EQ(listeners->size(), 1);
    EXPECT_THAT(listeners->front().config.address, MatchesRegex("127\\.0\\.0\\.1:[1-9][0-9]+"));
    EXPECT_EQ(option(listeners->front().fd, SOL_SOCKET, SO_ACCEPTCONN), 1);
    EXPECT_EQ(option(listeners->front().fd, IPPROTO_TCP, TCP_NODELAY), 1);
    EXPECT_NE(fcntl(listeners->front().fd.get(), F_GETFD) & FD_CLOEXEC, 0);
}

TEST(Listeners, APortWithoutAHostIsOneSocketForBothFamilies) {
    const auto listeners = open_at(":0");

    ASSERT_TRUE(listeners) << listeners.error().message;
    ASSERT_EQ(listeners->size(), 1);
    if (option(listeners->front().fd, SOL_SOCKET, SO_DOMAIN) == AF_INET)
        GTEST_SKIP() << "no IPv6 here";
    EXPECT_EQ(option(listeners->front().fd, IPPROTO_IPV6, IPV6_V6ONLY), 0);
    EXPECT_THAT(listeners->front().config.address, MatchesRegex(":[1-9][0-9]+"));
}

TEST(Listeners, AllAddressesOfANameGetTheSamePort) {
    const auto listeners = open_at("localhost:0");

    ASSERT_TRUE(listeners) << listeners.error().message;
    const std::string first = listeners->front().config.address;
    const std::string port = first.substr(first.rfind(':'));
    for (const Listener& listener : *listeners)
        EXPECT_TRUE(listener.config.address.ends_with(port));
}

TEST(Listeners, APortInUseIsToldWithItsProcess) {
    const auto first = open_at("127.0.0.1:0");
    ASSERT_TRUE(first) << first.error().message;
    const std::string address = first->front().config.address;

    const auto second = open_at(address);

    ASSERT_FALSE(second);
    EXPECT_THAT(second.error().message, HasSubstr(address + " is in use by "));
    EXPECT_THAT(second.error().message, HasSubstr(fmt::format("(pid {})", getpid())));
}

TEST(Listeners, EveryProblemIsToldInOneRun) {
    InheritedSockets none;

    const auto listeners = open_listeners({at("fd:900"), at("systemd:web"), at("nonsense")}, none);

    ASSERT_FALSE(listeners);
    EXPECT_THAT(listeners.error().message, HasSubstr("fd:900 is not open\n"));
    EXPECT_THAT(listeners.error().message,
                HasSubstr("systemd:web: systemd gave us no socket of that name"));
    EXPECT_THAT(listeners.error().message, HasSubstr("nonsense"));
}

TEST(Listeners, ADescriptorThatDoesNotListenIsRefused) {
    const OwnedFd idle(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const std::string address = fmt::format("fd:{}", idle.get());

    const auto listeners = open_at(address);

    ASSERT_FALSE(listeners);
    EXPECT_EQ(listeners.error().message, address + " is not a listening stream socket");
}

TEST(Listeners, ADescriptorOfTheFileIsOursFromThenOn) {
    auto opened = open_at("127.0.0.1:0");
    ASSERT_TRUE(opened);
    const int original = fcntl(opened->front().fd.get(), F_DUPFD, 0);
    const std::string address = opened->front().config.address;
    InheritedSockets inherited;

    const auto listeners = open_listeners({at(fmt::format("fd:{}", original))}, inherited);

    ASSERT_TRUE(listeners) << listeners.error().message;
    EXPECT_EQ(listeners->front().config.address, address);
    EXPECT_NE(fcntl(original, F_GETFD) & FD_CLOEXEC, 0);
    inherited.clear();
    EXPECT_EQ(fcntl(original, F_GETFD), -1);
}

TEST(Listeners, SystemdSocketsAreChosenByName) {
    auto opened = open_at("127.0.0.1:0");
    auto other = open_at("127.0.0.1:0");
    ASSERT_TRUE(opened && other);
    const std::string address = other->front().config.address;
    InheritedSockets activated;
    activated.push_back({std::move(opened->front().fd), "web"});
    activated.push_back({std::move(other->front().fd), "admin"});

    const auto listeners = open_listeners({at("systemd:admin")}, activated);

    ASSERT_TRUE(listeners) << listeners.error().message;
    ASSERT_EQ(listeners->size(), 1);
    EXPECT_EQ(listeners->front().config.address, address);
}

TEST(Listeners, AUnixSocketHasTheModeOfTheFileAndIsRemovedAtTheEnd) {
    const TempDirectory directory;
    const std::string path = directory.path() / "web.sock";
    {
        const auto listeners = open_at("unix:" + path);

        ASSERT_TRUE(listeners) << listeners.error().message;
        struct stat file {};
        ASSERT_EQ(stat(path.c_str(), &file), 0);
        EXPECT_EQ(file.st_mode & 0777U, 0660U);
        EXPECT_TRUE(connects(path));
        EXPECT_EQ(listeners->front().config.address, "unix:" + path);
    }
    EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(Listeners, ASocketFileOfADeadProcessIsReplaced) {
    const TempDirectory directory;
    const std::string path = directory.path() / "web.sock";
    const pid_t dying = fork();
    if (dying == 0) {
        const auto left_behind = open_at("unix:" + path);
        _exit(left_behind ? 0 : 1);
    }
    waitpid(dying, nullptr, 0);
    ASSERT_TRUE(std::filesystem::exists(path));

    const auto listeners = open_at("unix:" + path);

    ASSERT_TRUE(listeners) << listeners.error().message;
    EXPECT_TRUE(connects(path));
}

TEST(Listeners, AtTheEndTheSocketFileOfAnotherOwnerStays) {
    const TempDirectory directory;
    const std::string path = directory.path() / "web.sock";
    auto first = open_at("unix:" + path);
    ASSERT_TRUE(first);
    std::filesystem::remove(path);
    const auto second = open_at("unix:" + path);
    ASSERT_TRUE(second);

    first->clear();

    EXPECT_TRUE(connects(path));
}

TEST(Listeners, AUnixSocketThatIsServedIsAnErrorThatSaysByWhom) {
    const TempDirectory directory;
    const std::string path = directory.path() / "web.sock";
    const auto living = open_at("unix:" + path);
    ASSERT_TRUE(living);

    const auto second = open_at("unix:" + path);

    ASSERT_FALSE(second);
    EXPECT_THAT(second.error().message, HasSubstr("is already served by"));
    EXPECT_THAT(second.error().message, HasSubstr(fmt::format("pid {}", getpid())));
    EXPECT_TRUE(connects(path));
}

TEST(Listeners, AFileThatIsNoSocketIsNotTouched) {
    const TempDirectory directory;
    const std::string path = directory.path() / "precious";
    close(creat(path.c_str(), 0600));

    const auto listeners = open_at("unix:" + path);

    ASSERT_FALSE(listeners);
    EXPECT_THAT(listeners.error().message, HasSubstr("exists and is not a socket"));
    EXPECT_TRUE(std::filesystem::exists(path));
}

TEST(Listeners, WithoutAListenTableEveryActivatedNameIsListenedOn) {
    InheritedSockets activated;
    activated.push_back({OwnedFd(), "web"});
    activated.push_back({OwnedFd(), "web"});
    activated.push_back({OwnedFd(), "admin"});

    const auto wanted = listen_on_activated(at("127.0.0.1:8000"), activated);

    ASSERT_EQ(wanted.size(), 2);
    EXPECT_EQ(wanted[0].address, "systemd:admin");
    EXPECT_EQ(wanted[1].address, "systemd:web");
    EXPECT_EQ(wanted[0].backlog, 16);
}

std::string shown_url(const std::string& address) {
    ListenConfig listener;
    listener.address = address;
    return url_of(listener);
}

TEST(Listeners, AnAddressIsShownAsAUrlThatCanBeClicked) {
    EXPECT_EQ(shown_url("127.0.0.1:8000"), "http://127.0.0.1:8000");
    EXPECT_EQ(shown_url("[::1]:8000"), "http://[::1]:8000");
    ListenConfig secure;
    secure.address = "127.0.0.1:8443";
    secure.tls = true;
    EXPECT_EQ(url_of(secure), "https://127.0.0.1:8443");
    EXPECT_THAT(shown_url(":8000"), testing::StartsWith("http://127.0.0.1:8000 "));
    EXPECT_THAT(shown_url("0.0.0.0:8000"), testing::StartsWith("http://127.0.0.1:8000 "));
    EXPECT_THAT(shown_url("[::]:8000"), testing::StartsWith("http://[::1]:8000 "));
    EXPECT_EQ(shown_url("unix:/run/shop.sock"), "unix:/run/shop.sock");
}

}  // namespace bundle
