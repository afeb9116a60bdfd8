#include "frontend/client/peer.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include "shared/base/owned_fd.hpp"

namespace bundle {

namespace {

using Source = ProxyHeader::Source;

const auto kTrusted = TrustedProxies::create({"10.0.0.0/8"}).value();

Peer proxy() {
    Peer peer;
    peer.address = IpAddress::parse("10.0.0.1").value();
    peer.text = peer.address.text();
    peer.is_proxy = true;
    return peer;
}

Peer behind_proxy(Source source, const char* address = "192.0.2.1") {
    return peer_behind(proxy(), {source, IpAddress::parse(address).value(), 4711}, kTrusted);
}

}  // namespace

TEST(Peer, OfAUnixSocketHasNoAddress) {
    int ends[2] = {};
    ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    const OwnedFd one(ends[0]);
    const OwnedFd other(ends[1]);

    const Peer peer = peer_of(one.get(), kTrusted).value();
    EXPECT_EQ(peer.text.view(), "");
    EXPECT_EQ(peer.port_text(), "");
    EXPECT_FALSE(peer.is_proxy);
    EXPECT_TRUE(peer_of(one.get(), TrustedProxies::create({"unix"}).value()).value().is_proxy);
}

TEST(Peer, OfASocketThatIsNotConnectedAnyMoreIsNobody) {
    const OwnedFd alone(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));

    EXPECT_FALSE(peer_of(alone.get(), TrustedProxies::create({"unix"}).value()).has_value());
}

TEST(Peer, BehindAProxyIsWhomThatNames) {
    const Peer peer = behind_proxy(Source::Named);

    EXPECT_EQ(peer.text.view(), "192.0.2.1");
    EXPECT_EQ(peer.port_text(), "4711");
    EXPECT_FALSE(peer.is_proxy) << "the proxy does not read what its client writes in fields";
    EXPECT_TRUE(behind_proxy(Source::Named, "10.9.9.9").is_proxy);
}

TEST(Peer, IsTheProxyWhereThatSpeaksForItself) {
    const Peer peer = behind_proxy(Source::Proxy);

    EXPECT_EQ(peer.text.view(), "10.0.0.1");
    EXPECT_TRUE(peer.is_proxy);
}

TEST(Peer, ThatTheProxyDoesNotKnowIsNotTrustedInItsPlace) {
    const Peer peer = behind_proxy(Source::Unknown);

    EXPECT_EQ(peer.text.view(), "10.0.0.1");
    EXPECT_FALSE(peer.is_proxy);
}

}  // namespace bundle
