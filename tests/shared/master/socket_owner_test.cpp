#include "shared/master/socket_owner.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include "shared/base/owned_fd.hpp"

namespace bundle {

namespace {

constexpr const char* kTable =
    "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout "
    "inode\n"
    "   0: 0100007F:1F40 00000000:0000 0A 00000000:00000000 00:00000000 00000000    33        0 "
    "21001 1 0 100 0\n"
    "   1: 0100007F:1F40 0100007F:A1B2 01 00000000:00000000 00:00000000 00000000    33        0 "
    "21002 1 0 20 4\n"
    "   2: 00000000:01BB 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 "
    "21003 1 0 100 0\n";

}  // namespace

TEST(SocketOwner, OnlyListenersOfThatPortCount) {
    const auto sockets = listening_on(kTable, 8000);

    ASSERT_EQ(sockets.size(), 1);
    EXPECT_EQ(sockets[0].inode, 21001);
    EXPECT_EQ(sockets[0].uid, 33);
    EXPECT_EQ(listening_on(kTable, 443).size(), 1);
    EXPECT_TRUE(listening_on(kTable, 80).empty());
}

TEST(SocketOwner, ABrokenTableNamesNobody) {
    EXPECT_TRUE(listening_on("", 8000).empty());
    EXPECT_TRUE(listening_on("0: nonsense\n:1F40 :1F40 0A\n", 8000).empty());
}

TEST(SocketOwner, AListenerIsTracedToItsProcess) {
    const OwnedFd listener(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    ASSERT_EQ(bind(listener.get(), reinterpret_cast<sockaddr*>(&address), size), 0);
    ASSERT_EQ(listen(listener.get(), 1), 0);
    getsockname(listener.get(), reinterpret_cast<sockaddr*>(&address), &size);

    const auto owner = owner_of_port(ntohs(address.sin_port));

    ASSERT_TRUE(owner);
    EXPECT_THAT(*owner, testing::HasSubstr(fmt::format("(pid {})", getpid())));
}

}  // namespace bundle
