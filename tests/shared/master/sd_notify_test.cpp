#include "shared/master/sd_notify.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <array>
#include <cstddef>
#include <cstdlib>

#include "tests/support/temp_directory.hpp"

namespace bundle {

namespace {

// The end of systemd: a datagram socket under `address`, which begins with a zero byte when it is
// abstract.
class Supervisor {
  public:
    explicit Supervisor(std::string_view address)
        : socket_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
        sockaddr_un name{};
        name.sun_family = AF_UNIX;
        address.copy(static_cast<char*>(name.sun_path), address.size());
        const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + address.size());
        EXPECT_EQ(bind(socket_.get(), reinterpret_cast<sockaddr*>(&name), size), 0);
    }

    [[nodiscard]] std::string heard() const {
        std::array<char, 256> text{};
        const ssize_t size = recv(socket_.get(), text.data(), text.size(), 0);
        return size < 0 ? "" : std::string(text.data(), static_cast<std::size_t>(size));
    }

  private:
    OwnedFd socket_;
};

}  // namespace

TEST(Notifier, TellsSystemdAndKeepsTheSocketFromChildren) {
    const TempDirectory directory;
    const std::string path = directory / "notify";
    const Supervisor systemd(path);
    setenv("NOTIFY_SOCKET", path.c_str(), 1);

    const Notifier notifier = Notifier::from_environment();
    notifier.say("READY=1\nSTATUS=ready");

    EXPECT_EQ(systemd.heard(), "READY=1\nSTATUS=ready");
    EXPECT_EQ(std::getenv("NOTIFY_SOCKET"), nullptr);
}

TEST(Notifier, AnAbstractSocketIsWrittenWithAnAt) {
    const std::string name = "bundle-test-" + std::to_string(getpid());
    const Supervisor systemd(std::string(1, '\0') + name);
    setenv("NOTIFY_SOCKET", ("@" + name).c_str(), 1);

    Notifier::from_environment().say("STOPPING=1");

    EXPECT_EQ(systemd.heard(), "STOPPING=1");
}

TEST(Notifier, TheWatchdogIsToldTwiceAsOftenAsItWants) {
    setenv("WATCHDOG_USEC", "30000000", 1);
    setenv("WATCHDOG_PID", std::to_string(getpid()).c_str(), 1);

    EXPECT_EQ(Notifier::from_environment().watchdog_interval(), std::chrono::seconds(15));

    EXPECT_EQ(std::getenv("WATCHDOG_USEC"), nullptr);
    EXPECT_EQ(Notifier::from_environment().watchdog_interval(), std::nullopt);
}

TEST(Notifier, TheWatchdogOfAnotherProcessIsNotOurs) {
    setenv("WATCHDOG_USEC", "30000000", 1);
    setenv("WATCHDOG_PID", "1", 1);

    EXPECT_EQ(Notifier::from_environment().watchdog_interval(), std::nullopt);
}

TEST(Notifier, WithoutSystemdNothingHappens) {
    unsetenv("NOTIFY_SOCKET");

    Notifier::from_environment().say("READY=1");
}

}  // namespace bundle
