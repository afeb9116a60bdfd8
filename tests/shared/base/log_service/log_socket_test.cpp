#include "shared/base/log_service/log_socket.hpp"

#include <gtest/gtest.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <filesystem>

#include "tests/support/temp_directory.hpp"

namespace bundle {

namespace {

using std::chrono::milliseconds;

SocketAddress address_of(const std::string& path) {
    sockaddr_un local{};
    local.sun_family = AF_UNIX;
    path.copy(static_cast<char*>(local.sun_path), sizeof local.sun_path - 1);
    SocketAddress address;
    std::memcpy(&address.storage, &local, sizeof local);
    address.size = sizeof local;
    return address;
}

// The service's end.
OwnedFd listener(const SocketAddress& address, int type) {
    OwnedFd socket(::socket(AF_UNIX, type | SOCK_CLOEXEC, 0));
    EXPECT_EQ(bind(socket.get(), address.get(), address.size), 0);
    if (type == SOCK_STREAM) {
        EXPECT_EQ(listen(socket.get(), 8), 0);
    }
    return socket;
}

std::string received(int socket) {
    std::array<char, 4096> bytes{};
    const ssize_t got = recv(socket, bytes.data(), bytes.size(), MSG_DONTWAIT);
    return {bytes.data(), got < 0 ? 0 : static_cast<std::size_t>(got)};
}

class LogSocketTest : public testing::Test {
  protected:
    LogService service() const {
        LogService service;
        service.address = address_;
        return service;
    }
    void remove() const { std::filesystem::remove(path_); }

    TempDirectory directory_;
    std::string path_ = (directory_.path() / "log").string();
    SocketAddress address_ = address_of(path_);
};

}  // namespace

TEST_F(LogSocketTest, SendsEachMessageAsADatagram) {
    const OwnedFd listens = listener(address_, SOCK_DGRAM);
    LogSocket socket(service(), milliseconds(0));

    socket.send("one");
    socket.send("two");

    EXPECT_EQ(received(listens.get()), "one");
    EXPECT_EQ(received(listens.get()), "two");
    EXPECT_EQ(socket.lost(), 0U);
}

TEST_F(LogSocketTest, AServiceThatIsStartedAgainHasTheNextMessage) {
    OwnedFd first = listener(address_, SOCK_DGRAM);
    LogSocket socket(service(), milliseconds(0));
    socket.send("one");
    first = OwnedFd();
    remove();
    socket.send("lost");

    const OwnedFd second = listener(address_, SOCK_DGRAM);
    socket.send("three");

    EXPECT_EQ(received(second.get()), "three");
    EXPECT_EQ(socket.lost(), 1U);
}

TEST_F(LogSocketTest, AServiceThatReadsNothingLosesMessagesAndHoldsNobodyUp) {
    const OwnedFd listens = listener(address_, SOCK_DGRAM);
    LogSocket socket(service(), milliseconds(0));

    int sent = 0;
    for (; socket.lost() == 0 && sent < 100'000; ++sent) socket.send("message");

    EXPECT_GT(socket.lost(), 0U);
    EXPECT_GT(sent, 1);
}

TEST_F(LogSocketTest, APathThatIsAStreamHasCountedMessages) {
    const OwnedFd listens = listener(address_, SOCK_STREAM);
    LogSocket socket(service(), milliseconds(0));

    socket.send("one");
    socket.send("three");

    const OwnedFd accepted(accept4(listens.get(), nullptr, nullptr, SOCK_CLOEXEC));
    EXPECT_EQ(received(accepted.get()), "3 one5 three");
}

TEST_F(LogSocketTest, AStreamThatIsNotThereKeepsSomeMessagesAndLosesTheOthers) {
    LogService stream = service();
    stream.is_stream = true;
    LogSocket socket(std::move(stream), milliseconds(0));

    for (int i = 0; i < 100; ++i) socket.send(std::string(10'000, 'a'));

    EXPECT_TRUE(socket.is_waiting());
    EXPECT_GT(socket.lost(), 50U);
    EXPECT_LT(socket.lost(), 100U);
}

TEST_F(LogSocketTest, AChildSendsByAStreamOfItsOwn) {
    const OwnedFd listens = listener(address_, SOCK_STREAM);
    LogService stream = service();
    stream.is_stream = true;
    LogSocket socket(std::move(stream), milliseconds(0));
    socket.send("ours");

    const pid_t child = fork();
    if (child == 0) {
        socket.send("theirs");
        _exit(0);
    }

    const OwnedFd ours(accept4(listens.get(), nullptr, nullptr, SOCK_CLOEXEC));
    const OwnedFd theirs(accept4(listens.get(), nullptr, nullptr, SOCK_CLOEXEC));
    std::array<char, 64> bytes{};
    const ssize_t got = recv(theirs.get(), bytes.data(), bytes.size(), 0);
    EXPECT_EQ(std::string_view(bytes.data(), static_cast<std::size_t>(got)), "6 theirs");
    EXPECT_EQ(received(ours.get()), "4 ours");
    waitpid(child, nullptr, 0);
}

}  // namespace bundle
