#include "frontend/observe/status_feed.hpp"

#include <gtest/gtest.h>

namespace bundle {

namespace {

class Viewer final : public AnswerSink {
  public:
    explicit Viewer(StatusFeed& feed) : feed_(feed) { feed.enter(*this); }

    std::string told;
    bool ended = false;
    bool is_full = false;
    bool leaves = false;  // as soon as it is told something

  private:
    void answer_head(const wire::AnswerHead& /*head*/) override {}
    void answer_interim(const wire::AnswerHead& /*head*/) override {}
    void answer_data(std::string_view bytes) override {
        told += bytes;
        if (leaves) feed_.leave(*this);
    }
    void answer_file(OwnedFd /*file*/, const wire::File& /*piece*/) override {}
    void answer_end(wire::Outcome /*outcome*/) override {
        ended = true;
        feed_.leave(*this);
    }
    void answer_refused(const Refusal& /*refusal*/) override {}
    void answer_flush() override {}
    [[nodiscard]] bool answer_full() const override { return is_full; }

    StatusFeed& feed_;
};

}  // namespace

TEST(StatusFeed, EveryoneIsToldButWhoHasNotTakenTheLastEvent) {
    StatusFeed feed;
    Viewer quick(feed);
    Viewer slow(feed);
    slow.is_full = true;

    feed.tell("one ");
    slow.is_full = false;
    feed.tell("two");

    EXPECT_EQ(quick.told, "one two");
    EXPECT_EQ(slow.told, "two");
}

TEST(StatusFeed, AViewerMayLeaveWhileItIsTold) {
    StatusFeed feed;
    Viewer leaves(feed);
    leaves.leaves = true;
    Viewer stays(feed);

    feed.tell("a");
    feed.tell("b");

    EXPECT_EQ(leaves.told, "a");
    EXPECT_EQ(stays.told, "ab");
}

TEST(StatusFeed, TheEndIsEveryonesEnd) {
    StatusFeed feed;
    Viewer one(feed);
    Viewer other(feed);

    feed.end();

    EXPECT_TRUE(one.ended && other.ended);
    EXPECT_TRUE(feed.empty());
}

TEST(StatusFeed, ItHasRoomForSoManyViewers) {
    StatusFeed feed;
    std::vector<std::unique_ptr<Viewer>> viewers;

    while (feed.has_room()) viewers.push_back(std::make_unique<Viewer>(feed));

    EXPECT_EQ(viewers.size(), StatusFeed::kMostViewers);
}

TEST(StatusFeed, EachLineOfAnEventIsMarkedAsData) {
    EXPECT_EQ(stream_event("", "{\n\"a\": 1\n}\n"), "data: {\ndata: \"a\": 1\ndata: }\n\n");
    EXPECT_EQ(stream_event("history", "[]"), "event: history\ndata: []\n\n");
}

}  // namespace bundle
