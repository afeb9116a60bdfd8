#include "shared/base/oom_kills.hpp"

#include <gtest/gtest.h>

#include "tests/support/temp_directory.hpp"

namespace bundle {
namespace {

struct Version {
    const char* membership;
    const char* file;
    const char* before;
    const char* after;
};

// The files as Linux 6.1 writes them.
constexpr Version kVersions[] = {
    {"0::/shop.service\n",                            "shop.service/memory.events",
     "low 0\nhigh 9\nmax 0\noom 1\noom_kill 1\noom_group_kill 0\n",                                          "low 0\nhigh 9\nmax 0\noom 2\noom_kill 2\noom_group_kill 0\n"},
    {"0::/\n",                                        "memory.events",                       "oom_kill 0\n", "oom_kill 3\n"                                               },
    {"9:cpu,cpuacct:/x\n3:memory:/docker/1f\n0::/\n", "memory/docker/1f/memory.oom_control",
     "oom_kill_disable 0\nunder_oom 0\noom_kill 0\n",                                                        "oom_kill_disable 0\nunder_oom 0\noom_kill 1\n"              },
};

TEST(OomKills, AreWhatTheCounterOfOurControlGroupSays) {
    for (const Version& version : kVersions) {
        const TempDirectory directory;
        directory.write("self", version.membership);
        directory.write(std::string("groups/") + version.file, version.before);
        OomKills kills(directory / "groups", directory / "self");
        EXPECT_FALSE(kills.went_up()) << version.membership;

        directory.write(std::string("groups/") + version.file, version.after);

        EXPECT_TRUE(kills.went_up()) << version.membership;
        EXPECT_FALSE(kills.went_up()) << version.membership;
    }
}

TEST(OomKills, NeverHappenWhereThereIsNoCounter) {
    const TempDirectory directory;
    directory.write("self", "0::/shop.service\nnonsense\n");

    EXPECT_FALSE(OomKills(directory / "none", directory / "self").went_up());
    EXPECT_FALSE(OomKills(directory / "none", directory / "none").went_up());
}

}  // namespace
}  // namespace bundle
