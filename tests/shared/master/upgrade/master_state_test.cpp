#include "shared/master/upgrade/master_state.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace bundle {

namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::UnorderedElementsAre;

MasterState sample() {
    MasterState state;
    state.version = "0.1.0";
    state.folder = "/srv";
    state.notifier = {"@notify", 500};
    state.askers = {7, 8};
    state.run_directory = {"/run/bundle", 10, true};
    state.workers = {11, "workers.sock", "/run/bundle/workers.sock"};
    state.former_workers = {
        {12, "workers-2.sock", ""}
    };
    state.former_fronts = {3};
    state.control = {13, "/run/bundle/control.sock", {{14, 7, true}}, 8};
    state.inherited = {
        {15, "web", ""}
    };
    state.null = 16;
    state.generation = 4;
    state.config = "[app.main]\nwsgi = \"a:b\"\n";
    state.access_log = 17;
    state.credentials = 18;
    state.listeners = {
        {19, "127.0.0.1:0", ""}
    };
    state.scoreboards = {20};
    state.apps = {
        {4, 3, true}
    };
    state.front = 5;
    state.first_arbiter = 6;
    state.children.push_back({
        .number = 5,
        .life = {.is_front = true,
                 .life = Supervision::Life::Running,
                 .since = Supervision::Moment(1h),
                 .kill_at = Supervision::Moment(2h)},
        .name = "front",
        .program = 21,
        .arguments = {"bundle-front"},
        .identity = {"shop", 33, 34, {35, 36}, true},
        .pid = 4711,
        .control = 22,
        .up = true
    });
    state.next_child = 9;
    return state;
}

}  // namespace

TEST(MasterState, IsReadAsItWasWritten) {
    const std::string written = encode(sample());

    const auto read = decode_master_state(written);

    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(encode(*read), written);
    const MasterState::ChildState& child = read->children.at(0);
    EXPECT_EQ(child.life.kill_at, Supervision::Moment(2h));
    EXPECT_EQ(child.life.hurry_at, std::nullopt);
    EXPECT_THAT(child.identity.groups, ElementsAre(35, 36));
    EXPECT_EQ(read->error_log, -1);
    EXPECT_EQ(read->config, sample().config);
}

TEST(MasterState, NamesEveryDescriptorThatHasToStayOpen) {
    EXPECT_THAT(descriptors_of(sample()),
                UnorderedElementsAre(10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22));
}

TEST(MasterState, OneThatIsCutOffIsRefusedWherever) {
    const std::string written = encode(sample());
    for (std::size_t size = 0; size < written.size(); ++size)
        EXPECT_FALSE(decode_master_state(written.substr(0, size))) << size;
    EXPECT_FALSE(decode_master_state(written + "x"));
}

TEST(MasterState, AReleaseThatIsUnderstoodOtherwiseIsToldWhatToDo) {
    MasterState state = sample();
    state.protocol = kUpgradeProtocol + 1;
    state.version = "9.9.9";

    const auto read = decode_master_state(encode(state));

    ASSERT_FALSE(read);
    EXPECT_THAT(read.error().message, HasSubstr("from bundle 9.9.9"));
    EXPECT_THAT(read.error().message, HasSubstr("stop it and start it again"));
}

}  // namespace bundle
