#include "shared/config/cores.hpp"

#include <gtest/gtest.h>

#include "tests/support/temp_directory.hpp"

namespace bundle {

TEST(Cores, AQuotaIsRoundedUp) {
    EXPECT_EQ(cores_of_quota("200000 100000\n"), 2U);
    EXPECT_EQ(cores_of_quota("150000 100000\n"), 2U);
    EXPECT_EQ(cores_of_quota("1000 100000\n"), 1U);
}

TEST(Cores, NoQuotaIsNoLimit) {
    EXPECT_EQ(cores_of_quota("max 100000\n"), std::nullopt);
    for (const char* text : {"", "200000", "x y", "200000 0", "200000 x"})
        EXPECT_EQ(cores_of_quota(text), std::nullopt) << text;
}

TEST(Cores, TheTightestGroupOnTheWayUpCounts) {
    const TempDirectory mount;
    mount.write("cpu.max", "max 100000\n");
    mount.write("system.slice/cpu.max", "300000 100000\n");
    mount.write("system.slice/bundle.service/cpu.max", "800000 100000\n");

    EXPECT_EQ(cores_of_group(mount.path(), "/system.slice/bundle.service"), 3U);
    EXPECT_EQ(cores_of_group(mount.path(), "/"), std::nullopt);
    EXPECT_EQ(cores_of_group(mount.path(), "/gone/away"), std::nullopt);
}

TEST(Cores, ThereIsAlwaysOne) { EXPECT_GE(available_cores(), 1U); }

}  // namespace bundle
