#include "shared/config/listen_address.hpp"

#include <gtest/gtest.h>

#include <string>

namespace bundle {

namespace {

TcpAddress tcp(const char* text) {
    return std::get<TcpAddress>(parse_listen_address(text).value());
}

}  // namespace

TEST(ListenAddress, AHostAndAPort) {
    EXPECT_EQ(tcp("127.0.0.1:8000").host, "127.0.0.1");
    EXPECT_EQ(tcp("127.0.0.1:8000").port, 8000);
    EXPECT_EQ(tcp("localhost:0").host, "localhost");
    EXPECT_EQ(tcp("localhost:0").port, 0);
}

TEST(ListenAddress, APortAloneIsEveryAddress) { EXPECT_EQ(tcp(":80").host, ""); }

TEST(ListenAddress, AnIpv6AddressStandsInBrackets) {
    EXPECT_EQ(tcp("[::1]:8000").host, "::1");
    EXPECT_EQ(tcp("[fe80::1%eth0]:8000").host, "fe80::1%eth0");
}

TEST(ListenAddress, UnixInheritedAndSystemdSockets) {
    EXPECT_EQ(std::get<UnixAddress>(parse_listen_address("unix:/run/a.sock").value()).path,
              "/run/a.sock");
    EXPECT_EQ(std::get<InheritedAddress>(parse_listen_address("fd:3").value()).fd, 3);
    EXPECT_EQ(std::get<SystemdAddress>(parse_listen_address("systemd:web").value()).name, "web");
}

TEST(ListenAddress, AUnixPathFitsIntoASocketAddress) {
    EXPECT_TRUE(parse_listen_address("unix:/" + std::string(106, 'a')));
    EXPECT_FALSE(parse_listen_address("unix:/" + std::string(107, 'a')));
}

struct Refusal {
    const char* text;
    const char* reason;
};
constexpr Refusal kRefusals[] = {
    {"8000",                "it has no port"               },
    {"localhost",           "it has no port"               },
    {"[::1]",               "it has no port"               },
    {"localhost:",          "port must be a number"        },
    {"localhost:65536",     "port must be a number"        },
    {"localhost:-1",        "port must be a number"        },
    {"localhost:80a",       "port must be a number"        },
    {"::1:80",              "needs brackets"               },
    {"[::g]:80",            "no IPv6 address"              },
    {"*:80",                "\":PORT\""                    },
    {"http://localhost:80", "without a scheme"             },
    {"a/b:80",              "neither a name nor an address"},
    {"unix:",               "it has no path"               },
    {"unix:@name",          "abstract"                     },
    {"fd:2",                "from 3 on"                    },
    {"fd:x",                "from 3 on"                    },
    {"systemd:",            "FileDescriptorName"           },
};

TEST(ListenAddress, ARefusalSaysWhatIsMissing) {
    for (const Refusal& refusal : kRefusals) {
        const auto address = parse_listen_address(refusal.text);

        ASSERT_FALSE(address) << refusal.text;
        EXPECT_NE(address.error().message.find(refusal.reason), std::string::npos)
            << refusal.text << ": " << address.error().message;
    }
}

}  // namespace bundle
