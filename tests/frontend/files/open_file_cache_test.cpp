#include "frontend/files/open_file_cache.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/resource.h>

#include <filesystem>

#include "tests/support/decompression.hpp"
#include "tests/support/temp_directory.hpp"

namespace bundle {

namespace fs = std::filesystem;
using Kind = FoundFile::Kind;

class OpenFileCacheTest : public testing::Test {
  protected:
    OpenFileCacheTest()
        : root_(std::move(FileRoot::open(place_.path(), {"index.html", "index.htm"}).value())) {}

    std::string contents_of(OpenFileCache& cache, std::string_view path,
                            std::chrono::milliseconds at) {
        const auto finding = cache.find(root_, path, OpenFileCache::TimePoint(at));
        if (finding.kind != Kind::File) return "(no file)";
        return std::string(finding.file->contents());
    }

    TempDirectory place_;
    FileRoot root_;
};

using namespace std::chrono_literals;

TEST_F(OpenFileCacheTest, WhatItHoldsIsTrustedForASecond) {
    OpenFileCache cache;
    place_.write("a.txt", "old");

    EXPECT_EQ(contents_of(cache, "/a.txt", 0ms), "old");
    place_.write("a.txt", "new!");
    EXPECT_EQ(contents_of(cache, "/a.txt", 999ms), "old");
    EXPECT_EQ(contents_of(cache, "/a.txt", 1000ms), "new!");
    EXPECT_EQ(cache.files(), 1U);
}

TEST_F(OpenFileCacheTest, WhatAnApplicationNamesIsSeenAsItIs) {
    OpenFileCache cache;
    place_.write("a.txt", "old");
    EXPECT_EQ(contents_of(cache, "/a.txt", 0ms), "old");
    place_.write("a.txt", "new!");

    const auto finding = cache.find_as_it_is(root_, "/a.txt", OpenFileCache::TimePoint(1ms));

    EXPECT_EQ(finding.file->contents(), "new!");
    EXPECT_EQ(contents_of(cache, "/a.txt", 2ms), "new!");
    EXPECT_EQ(cache.files(), 1U);
}

TEST_F(OpenFileCacheTest, AFileThatHasNotChangedIsNotOpenedAgain) {
    // Any file that was not written within the last second, as those of the test's own directory
    // are.
    const FileRoot settled = std::move(FileRoot::open(BUNDLE_SOURCE_DIR, {}).value());
    OpenFileCache cache;

    const auto first = cache.find(settled, "/LICENSE", OpenFileCache::TimePoint(0s)).file;
    const auto second = cache.find(settled, "/LICENSE", OpenFileCache::TimePoint(1s)).file;

    ASSERT_TRUE(first);
    EXPECT_EQ(first, second);
}

TEST_F(OpenFileCacheTest, AFileWrittenTwiceWithinATickIsSeen) {
    OpenFileCache cache;
    const auto file = place_.write("a.txt", "old");
    struct stat facts {};
    ASSERT_EQ(stat(file.c_str(), &facts), 0);

    const auto first = cache.find(root_, "/a.txt", OpenFileCache::TimePoint(0s)).file;

    EXPECT_FALSE(first->is_unchanged(facts)) << "the same times may hide a second change";
}

TEST_F(OpenFileCacheTest, AFileThatIsRemovedIsGoneAfterASecond) {
    OpenFileCache cache;
    place_.write("a.txt", "old");

    EXPECT_EQ(contents_of(cache, "/a.txt", 0ms), "old");
    fs::remove(place_ / "a.txt");
    EXPECT_EQ(contents_of(cache, "/a.txt", 1s), "(no file)");
    EXPECT_EQ(cache.files(), 0U);
}

TEST_F(OpenFileCacheTest, AFileThatIsWrittenIsFoundAtOnce) {
    OpenFileCache cache;

    EXPECT_EQ(contents_of(cache, "/a.txt", 0ms), "(no file)");
    place_.write("a.txt", "x");
    EXPECT_EQ(contents_of(cache, "/a.txt", 0ms), "x");
}

TEST_F(OpenFileCacheTest, AFileReplacedByOneOfTheSameSizeAndTimeIsSeen) {
    OpenFileCache cache;
    const auto file = place_.write("a.txt", "old");
    const auto time = fs::last_write_time(file);

    EXPECT_EQ(contents_of(cache, "/a.txt", 0ms), "old");
    fs::last_write_time(place_.write("b.txt", "new"), time);
    fs::rename(place_ / "b.txt", file);
    EXPECT_EQ(contents_of(cache, "/a.txt", 1s), "new");
}

TEST_F(OpenFileCacheTest, AFolderThatGetsABetterIndexFileIsAnsweredWithIt) {
    OpenFileCache cache;
    place_.write("index.htm", "old");

    EXPECT_EQ(contents_of(cache, "/", 0ms), "old");
    place_.write("index.html", "new");
    EXPECT_EQ(contents_of(cache, "/", 1s), "new");
}

TEST_F(OpenFileCacheTest, ARootDoesNotSeeTheFilesOfAnother) {
    OpenFileCache cache;
    place_.write("a.txt", "one");
    place_.write("other/a.txt", "other");
    const FileRoot other = std::move(FileRoot::open(place_ / "other", {}).value());

    EXPECT_EQ(contents_of(cache, "/a.txt", 0ms), "one");
    EXPECT_EQ(cache.find(other, "/a.txt", {}).file->contents(), "other");
}

TEST_F(OpenFileCacheTest, AFileInUseOutlivesTheCache) {
    place_.write("a.txt", "old");
    std::shared_ptr<const OpenFile> file;
    {
        OpenFileCache cache;
        file = cache.find(root_, "/a.txt", {}).file;
    }

    EXPECT_EQ(file->contents(), "old");
}

TEST_F(OpenFileCacheTest, ALargeFileStaysOpenAndASmallOneIsHeldInMemory) {
    OpenFileCache cache;
    place_.write("small", std::string(OpenFile::kHeldInMemory, 's'));
    place_.write("large", std::string(OpenFile::kHeldInMemory + 1, 'l'));
    place_.write("empty", "");

    EXPECT_TRUE(cache.find(root_, "/small", {}).file->is_in_memory());
    EXPECT_FALSE(cache.find(root_, "/large", {}).file->is_in_memory());
    EXPECT_TRUE(cache.find(root_, "/empty", {}).file->is_in_memory());
}

TEST_F(OpenFileCacheTest, TheLeastRecentlyUsedGiveWayToAnyLimit) {
    const std::string large(OpenFile::kHeldInMemory + 1, 'l');
    for (const char* name : {"a", "b", "c"}) place_.write(name, "0123456789");
    for (const char* name : {"A", "B", "C"}) place_.write(name, large);
    OpenFileCache by_files({.files = 2});
    OpenFileCache by_contents({.contents = Bytes{25}});
    OpenFileCache by_descriptors({.descriptors = 2});

    for (OpenFileCache* cache : {&by_files, &by_contents}) {
        for (const char* path : {"/a", "/b", "/a", "/c"}) contents_of(*cache, path, 0ms);
        EXPECT_EQ(cache->files(), 2U);
        place_.write("a", "changed");
        EXPECT_EQ(contents_of(*cache, "/a", 0ms), "0123456789") << "the one used last was dropped";
        place_.write("a", "0123456789");
    }
    for (const char* path : {"/A", "/B", "/a", "/C"}) contents_of(by_descriptors, path, 0ms);
    EXPECT_EQ(by_descriptors.files(), 3U);
}

TEST_F(OpenFileCacheTest, WhenDescriptorsRunOutItsOwnAreGivenUpFirst) {
    OpenFileCache cache;
    place_.write("a", std::string(OpenFile::kHeldInMemory + 1, 'l'));
    place_.write("b", "b");
    ASSERT_EQ(contents_of(cache, "/a", 0ms), "");
    rlimit before{};
    getrlimit(RLIMIT_NOFILE, &before);
    const OwnedFd highest(open("/dev/null", O_RDONLY | O_CLOEXEC));
    rlimit none_left = before;
    none_left.rlim_cur = static_cast<rlim_t>(highest.get()) + 1;

    setrlimit(RLIMIT_NOFILE, &none_left);
    const std::string contents = contents_of(cache, "/b", 0ms);
    const Kind without_cache = OpenFileCache().find(root_, "/b", {}).kind;
    const OwnedFd taken(open("/dev/null", O_RDONLY | O_CLOEXEC));
    const Kind exhausted = OpenFileCache().find(root_, "/b", {}).kind;
    setrlimit(RLIMIT_NOFILE, &before);

    EXPECT_EQ(contents, "b");
    EXPECT_EQ(without_cache, Kind::File);
    EXPECT_EQ(exhausted, Kind::Exhausted);
}

class FormsTest : public testing::Test {
  protected:
    FormsTest() : root_(std::move(FileRoot::open(place_.path(), {}, rules()).value())) {}

    static FileRules rules() {
        FileRules rules;
        rules.files.precompressed = true;
        rules.compression = {
            .on = true,
            .codings = {"br", "zstd", "gzip"},
            .types = {"text/css"},
            .min_size = {10},
            .gzip_level = 5,
            .brotli_level = 4,
            .zstd_level = 3
        };
        return rules;
    }

    // Modified so many seconds after 1 January 2020.
    void write(std::string_view name, std::string_view contents, int later) {
        const auto file = place_.write(name, contents);
        const timespec moment{.tv_sec = 1'577'836'800 + later, .tv_nsec = 0};
        const timespec times[2] = {moment, moment};
        ASSERT_EQ(utimensat(AT_FDCWD, file.c_str(), times, 0), 0);
    }

    // The contents of the form; "-" when there is none.
    std::string form(std::string_view path, Coding coding, std::chrono::milliseconds at = 0ms,
                     OpenFileCache::Own own = OpenFileCache::Own::Allowed) {
        cache_.find(root_, path, OpenFileCache::TimePoint(at));
        const auto found = cache_.in_coding(root_, path, AcceptedCodings(coding_name(coding)), own);
        return found ? std::string(found->contents()) : "-";
    }

    TempDirectory place_;
    FileRoot root_;
    OpenFileCache cache_;
};

TEST_F(FormsTest, ATwinStandsBesideTheFileUnderItsNameAndAnEnding) {
    write("a.css", "plain", 0);
    write("a.css.br", "brotli", 0);
    write("a.css.gz", "gzip", 5);

    EXPECT_EQ(form("/a.css", Coding::Brotli), "brotli");
    EXPECT_EQ(form("/a.css", Coding::Gzip), "gzip");
    EXPECT_EQ(form("/a.css", Coding::Zstd, 0ms, OpenFileCache::Own::Excluded), "-");
}

TEST_F(FormsTest, ATwinThatIsOlderThanTheFileIsNone) {
    write("a.css", "plain", 10);
    write("a.css.br", "brotli", 9);

    EXPECT_EQ(form("/a.css", Coding::Brotli), "-");
}

TEST_F(FormsTest, ATwinIsLookedForAgainAfterASecond) {
    write("a.css", "plain", 0);
    EXPECT_EQ(form("/a.css", Coding::Brotli), "-");
    write("a.css.br", "brotli", 0);

    EXPECT_EQ(form("/a.css", Coding::Brotli, 999ms), "-");
    EXPECT_EQ(form("/a.css", Coding::Brotli, 1000ms), "brotli");
    fs::remove(place_ / "a.css.br");
    EXPECT_EQ(form("/a.css", Coding::Brotli, 1999ms), "brotli");
    EXPECT_EQ(form("/a.css", Coding::Brotli, 2000ms), "-");
}

TEST_F(FormsTest, AFileWithoutATwinIsCompressedOnce) {
    write("a.css", "a { color: red } b { color: red }", 0);

    cache_.find(root_, "/a.css", {});
    const auto own =
        cache_.in_coding(root_, "/a.css", AcceptedCodings("gzip"), OpenFileCache::Own::Allowed);
    const auto again =
        cache_.in_coding(root_, "/a.css", AcceptedCodings("gzip"), OpenFileCache::Own::Allowed);

    ASSERT_TRUE(own);
    EXPECT_EQ(own, again);
    EXPECT_EQ(own->contents().substr(0, 2), "\x1f\x8b");
    EXPECT_EQ(own->size(), own->contents().size());
    EXPECT_EQ(form("/a.css", Coding::Gzip, 0ms, OpenFileCache::Own::Excluded), "-");
}

TEST_F(FormsTest, WhatWeMakeComesBehindEveryTwinAndIsWhatTheClientLikesBest) {
    const std::string css = "a { color: red } b { color: red }";
    write("a.css", css, 0);
    write("b.css", css, 0);
    write("b.css.gz", "gzip", 0);
    const AcceptedCodings all("gzip, br, zstd");
    const Coding best = *all.best_of(rules().compression.codings);

    cache_.find(root_, "/a.css", {});
    const auto own = cache_.in_coding(root_, "/a.css", all, OpenFileCache::Own::Allowed);
    cache_.find(root_, "/b.css", {});
    const auto twin = cache_.in_coding(root_, "/b.css", all, OpenFileCache::Own::Allowed);

    ASSERT_TRUE(own && twin);
    EXPECT_EQ(plain(own->contents(), best), css);
    EXPECT_EQ(find_field({own->fields().begin(), own->fields().end()}, "content-encoding")->value,
              coding_name(best));
    EXPECT_EQ(twin->contents(), "gzip");
}

TEST_F(FormsTest, WhatIsSmallOrOfAnotherTypeIsNotCompressed) {
    write("small.css", "a", 0);
    write("page.html", "0123456789 0123456789", 0);

    EXPECT_EQ(form("/small.css", Coding::Gzip), "-");
    EXPECT_EQ(form("/page.html", Coding::Gzip), "-");
}

TEST_F(FormsTest, FormsTakeRoomAsFilesDo) {
    OpenFileCache cache({.files = 10, .descriptors = 10, .contents = {40}});
    write("a.css", "0123456789", 0);
    write("a.css.br", std::string(40, 'x'), 0);

    cache.find(root_, "/a.css", {});
    const auto twin =
        cache.in_coding(root_, "/a.css", AcceptedCodings("br"), OpenFileCache::Own::Allowed);

    EXPECT_EQ(twin->contents(), std::string(40, 'x'));
    EXPECT_EQ(cache.files(), 0U);
    EXPECT_FALSE(
        cache.in_coding(root_, "/a.css", AcceptedCodings("br"), OpenFileCache::Own::Allowed));
}

}  // namespace bundle
