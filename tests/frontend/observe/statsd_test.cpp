#include "frontend/observe/statsd.hpp"

#include <gmock/gmock.h>
#include <sys/un.h>

#include "tests/support/temp_directory.hpp"

namespace bundle {

namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using testing::ElementsAre;

class StatsdTest : public testing::Test {
  protected:
    StatsdTest() : listener_(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        path_.copy(static_cast<char*>(address.sun_path), sizeof address.sun_path - 1);
        EXPECT_EQ(bind(listener_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    }

    Statsd statsd(StatsdConfig config = {}) {
        config.address = "unix:" + path_;
        return Statsd::create(config).value();
    }

    std::vector<std::string> datagrams() {
        std::vector<std::string> all;
        std::string datagram(65'536, '\0');
        for (ssize_t got = 0;
             (got = recv(listener_.get(), datagram.data(), datagram.size(), 0)) > 0;)
            all.push_back(datagram.substr(0, static_cast<std::size_t>(got)));
        return all;
    }

    TempDirectory directory_;
    std::string path_ = directory_.path() / "statsd.sock";
    OwnedFd listener_;
};

RequestTimes told_times() {
    RequestTimes times;
    times.asked_app = true;
    times.received = RequestTimes::Moment(milliseconds{1});
    times.whole = times.received + milliseconds{2};
    times.handed_over = times.whole + milliseconds{3};
    times.first = times.done = times.handed_over + microseconds{12'345};
    times.sent = times.done + milliseconds{1};
    return times;
}

}  // namespace

TEST_F(StatsdTest, ARequestIsToldByGunicornsNames) {
    Statsd told = statsd();

    told.request(200, told_times());
    told.flush();

    EXPECT_THAT(datagrams(), ElementsAre("gunicorn.request.duration:12.345|ms\n"
                                         "gunicorn.requests:1|c|@1.0\n"
                                         "gunicorn.request.status.200:1|c|@1.0\n"
                                         "bundle.request.read:2.000|ms\n"
                                         "bundle.queue.wait:3.000|ms\n"
                                         "bundle.request.send:1.000|ms"));
}

TEST_F(StatsdTest, APrefixGetsOneDotAndTagsStandAtTheEnd) {
    Statsd told = statsd({
        .prefix = "shop", .tags = {{"env", "live"}, {"zone", "a"}}
    });

    told.gauge("gunicorn.workers", 3);
    told.flush();

    EXPECT_THAT(datagrams(), ElementsAre("shop.gunicorn.workers:3|g|#env:live,zone:a"));
}

TEST_F(StatsdTest, WhatNoAppWasAskedForIsNoRequestOfGunicorn) {
    Statsd told = statsd();
    RequestTimes times = told_times();
    times.asked_app = false;
    times.handed_over = times.first = times.done = {};

    told.request(304, times);
    told.flush();

    EXPECT_THAT(datagrams(),
                ElementsAre("bundle.request.read:2.000|ms\nbundle.request.send:16.345|ms"));
}

TEST_F(StatsdTest, MuchBecomesSeveralDatagramsOfWholeLines) {
    Statsd told = statsd();

    for (int i = 0; i < 100; ++i) told.gauge("gunicorn.workers", 12'345);
    told.flush();

    std::size_t lines = 0;
    for (const std::string& datagram : datagrams()) {
        EXPECT_LE(datagram.size(), 1432U);
        EXPECT_TRUE(datagram.ends_with(":12345|g"));
        lines += 1 + static_cast<std::size_t>(std::ranges::count(datagram, '\n'));
    }
    EXPECT_EQ(lines, 100U);
}

TEST(StatsdName, WordsBecomePartOfOneLevel) {
    EXPECT_EQ(statsd_name("bundle.conn.", "waiting for a request"),
              "bundle.conn.waiting_for_a_request");
    EXPECT_EQ(statsd_name("bundle.shed.", "queue.max"), "bundle.shed.queue_max");
    EXPECT_EQ(statsd_name("", "a:b|c\n9"), "a_b_c_9");
}

TEST_F(StatsdTest, NobodyWhoListensIsNoError) {
    Statsd told = statsd();
    listener_ = OwnedFd();

    told.gauge("gunicorn.workers", 3);
    told.flush();
}

}  // namespace bundle
