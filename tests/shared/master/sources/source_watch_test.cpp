#include "shared/master/sources/source_watch.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <ctime>
#include <utility>

#include "shared/wire/source_reports.hpp"
#include "tests/support/temp_directory.hpp"

namespace bundle {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Optional;

namespace {

namespace fs = std::filesystem;

class SourceWatchTest : public testing::Test {
  protected:
    SourceWatchTest() {
        fs::create_directories(directory / "run");
        config.server.run_directory = directory / "run";
        config.apps.emplace_back().directory = directory.write("shop/views.py", "").parent_path();
        config.dev.reload = true;
    }
    void follow() { watch.follow(config, directory / "site.toml"); }
    [[nodiscard]] std::string reports() const {
        return config.server.run_directory + "/" + wire::kSourceReportsName;
    }

    void report(const std::string& folders) const { wire::report_sources(reports(), folders); }
    static std::pair<time_t, long> changed_at(const fs::path& file) {
        struct stat status {};
        EXPECT_EQ(stat(file.c_str(), &status), 0);
        return {status.st_ctim.tv_sec, status.st_ctim.tv_nsec};
    }

    const SourceWatch::Moment start{1h};
    TempDirectory directory;
    Config config;
    SourceWatch watch;
};

}  // namespace

TEST_F(SourceWatchTest, WithoutDevReloadNothingIsWatched) {
    config.dev.reload = false;
    follow();
    directory.write("shop/views.py", "1");

    watch.look(start);

    EXPECT_FALSE(watch.has_changed());
    EXPECT_EQ(watch.next_due(), std::nullopt);
    EXPECT_FALSE(fs::exists(reports()));
}

TEST_F(SourceWatchTest, ChangesThatFollowEachOtherAreToldOnceWhenItIsQuiet) {
    follow();

    for (int file = 0; file < 300; ++file)  // a checkout
        directory.write("shop/part" + std::to_string(file) + ".py", "1");
    watch.look(start);
    EXPECT_TRUE(watch.has_changed());
    EXPECT_EQ(watch.take_change(start), std::nullopt);
    directory.write("shop/views.py", "2");
    watch.look(start + 50ms);
    EXPECT_EQ(watch.take_change(start + SourceWatch::kQuiet), std::nullopt);

    EXPECT_EQ(watch.next_due(), start + 50ms + SourceWatch::kQuiet);
    EXPECT_THAT(watch.take_change(start + 50ms + SourceWatch::kQuiet),
                Optional(HasSubstr("part0.py\" and 300 more")));
    EXPECT_FALSE(watch.has_changed());
    EXPECT_EQ(watch.take_change(start + 10s), std::nullopt);
}

TEST_F(SourceWatchTest, WhoNeverStopsWritingIsNotWaitedForForEver) {
    follow();
    for (auto now = start; now < start + SourceWatch::kLongest; now += 50ms) {
        directory.write("shop/views.py", "2");
        watch.look(now);
        ASSERT_EQ(watch.take_change(now), std::nullopt);
    }

    EXPECT_TRUE(watch.take_change(start + SourceWatch::kLongest));
}

TEST_F(SourceWatchTest, FoldersThatAWorkerReportsAreWatchedToo) {
    const fs::path file = directory.write("elsewhere/lib/six.py", "1");
    follow();
    report(file.parent_path().native() + "\nnot a path\n");
    watch.look(start);
    ASSERT_FALSE(watch.has_changed());

    directory.write("elsewhere/lib/six.py", "2");
    watch.look(start);

    EXPECT_THAT(watch.take_change(start + 1s), Optional(HasSubstr("six.py")));
}

TEST_F(SourceWatchTest, AModuleThatWasSavedBeforeItWasReportedHasChanged) {
    const fs::path file = directory.write("elsewhere/lib/six.py", "1");
    follow();
    timespec followed{};
    clock_gettime(CLOCK_REALTIME, &followed);
    while (changed_at(file) <= std::pair(followed.tv_sec, followed.tv_nsec))
        directory.write("elsewhere/lib/six.py", "2");

    report(file.parent_path().native() + "\n");
    watch.look(start);

    EXPECT_THAT(watch.take_change(start + 1s), Optional(HasSubstr("six.py")));
    EXPECT_FALSE(watch.has_changed());
}

TEST_F(SourceWatchTest, ItMayBeTurnedOffAndOnAgain) {
    follow();
    EXPECT_TRUE(fs::exists(reports()));
    config.dev.reload = false;
    follow();
    EXPECT_FALSE(fs::exists(reports()));
    config.dev.reload = true;
    follow();

    directory.write("shop/views.py", "2");
    watch.look(start);

    EXPECT_TRUE(watch.has_changed());
}

}  // namespace bundle
