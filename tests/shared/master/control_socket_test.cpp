#include "shared/master/control_socket.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "tests/support/temp_directory.hpp"

namespace bundle {

namespace {

using testing::IsEmpty;
using wire::Command;
using wire::CommandReply;
using wire::ReplyKind;

class ControlSocketTest : public testing::Test {
  protected:
    // A command that has connected.
    [[nodiscard]] OwnedFd connected() const {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        const std::string path = directory_ / "control.sock";
        path.copy(static_cast<char*>(address.sun_path), path.size());
        OwnedFd socket(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0));
        EXPECT_EQ(connect(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
        return socket;
    }
    static void say(const OwnedFd& socket, std::string_view datagram) {
        EXPECT_EQ(send(socket.get(), datagram.data(), datagram.size(), MSG_NOSIGNAL),
                  static_cast<ssize_t>(datagram.size()));
    }
    // Nothing when the connection is over.
    static std::optional<CommandReply> heard(const OwnedFd& socket) {
        std::string datagram(wire::kMaxCommandReply, '\0');
        const ssize_t got = recv(socket.get(), datagram.data(), datagram.size(), 0);
        if (got <= 0) return std::nullopt;
        return wire::decode_reply({datagram.data(), static_cast<std::size_t>(got)}).value();
    }

    TempDirectory directory_;
    ControlSocket control_ = ControlSocket::open({directory_ / "control.sock", 0600}).value();
};

}  // namespace

TEST_F(ControlSocketTest, ACommandIsHeardAndAnswered) {
    const OwnedFd command = connected();
    say(command, wire::encode_command({Command::Reload, 0, ""}));

    const auto asked = control_.hear();

    ASSERT_EQ(asked.size(), 1U);
    EXPECT_EQ(asked[0].request.command, Command::Reload);
    control_.progress({asked[0].asker}, "app shop: 1/2 ready");
    control_.finish({asked[0].asker}, 1, "no module named shop");
    EXPECT_EQ(heard(command), (CommandReply{ReplyKind::Progress, 0, "app shop: 1/2 ready"}));
    EXPECT_EQ(heard(command), (CommandReply{ReplyKind::Last, 1, "no module named shop"}));
}

TEST_F(ControlSocketTest, NonsenseEndsTheConnection) {
    const OwnedFd command = connected();
    say(command, "nonsense");

    EXPECT_THAT(control_.hear(), IsEmpty());

    EXPECT_EQ(heard(command), std::nullopt);
}

TEST_F(ControlSocketTest, WhoSaysNothingMakesRoomForWhoDoes) {
    std::vector<OwnedFd> silent;
    for (std::size_t i = 0; i < ControlSocket::kMostAskers; ++i) {
        silent.push_back(connected());
        EXPECT_THAT(control_.hear(), IsEmpty());
    }
    const OwnedFd command = connected();
    say(command, wire::encode_command({Command::Stop, 0, ""}));

    EXPECT_EQ(control_.hear().size(), 1U);

    EXPECT_EQ(heard(silent.front()), std::nullopt);
}

TEST_F(ControlSocketTest, WhoTakesNoRepliesIsDropped) {
    const OwnedFd command = connected();
    say(command, wire::encode_command({Command::Stop, 0, ""}));
    const auto asked = control_.hear();
    ASSERT_EQ(asked.size(), 1U);

    const std::string line(wire::kMaxReplyText, 'x');
    for (int i = 0; i < 1000; ++i) control_.progress({asked[0].asker}, line);

    int replies = 0;
    while (heard(command)) ++replies;
    EXPECT_LT(replies, 1000);
}

}  // namespace bundle
