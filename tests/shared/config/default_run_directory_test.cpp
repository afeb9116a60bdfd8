#include "shared/config/default_run_directory.hpp"

#include <gtest/gtest.h>

#include "tests/support/temp_directory.hpp"

namespace bundle {

constexpr uid_t kSomeone = 54321;  // has no /run/user of its own

TEST(DefaultRunDirectory, RootHasOneForTheMachine) {
    EXPECT_EQ(default_run_directory("/srv/site.toml", 0,
                                    {
                                        {"XDG_RUNTIME_DIR", "/tmp"}
    }),
              "/run/bundle");
}

TEST(DefaultRunDirectory, TwoFilesOfOneUserDoNotMeet) {
    const auto one = default_run_directory("/srv/one/site.toml", kSomeone, {});

    EXPECT_NE(one, default_run_directory("/srv/two/site.toml", kSomeone, {}));
    EXPECT_EQ(one, default_run_directory("/srv/one/site.toml", kSomeone, {}));
}

TEST(DefaultRunDirectory, TheRuntimeDirectoryOfTheUserComesFirst) {
    const TempDirectory runtime;

    const auto directory =
        default_run_directory("/srv/site.toml", kSomeone,
                              {
                                  {"XDG_RUNTIME_DIR", runtime.path()},
                                  {"TMPDIR",          "/var/tmp"    }
    });

    EXPECT_TRUE(directory.starts_with(runtime.path().string() + "/bundle-")) << directory;
}

TEST(DefaultRunDirectory, ATemporaryOneCarriesTheUser) {
    const auto directory =
        default_run_directory("/srv/site.toml", kSomeone,
                              {
                                  {"XDG_RUNTIME_DIR", "/nowhere"},
                                  {"TMPDIR",          "gone"    }
    });

    EXPECT_TRUE(directory.starts_with("/tmp/bundle-54321-")) << directory;
}

}  // namespace bundle
