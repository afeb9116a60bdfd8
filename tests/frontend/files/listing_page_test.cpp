#include "frontend/files/listing_page.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <filesystem>

#include "tests/support/temp_directory.hpp"

namespace bundle {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class ListingTest : public testing::Test {
  protected:
    DirectoryListing list(FilesConfig files = {}) {
        files.listing = Listing::Page;
        const FileRoot root =
            std::move(FileRoot::open(place_.path(), {"index.html"}, {.files = files}).value());
        FoundFile found = root.find("/");
        EXPECT_EQ(found.kind, FoundFile::Kind::Listing);
        return list_directory(root, std::move(found)).value();
    }

    static std::vector<std::string> names(const DirectoryListing& listing) {
        std::vector<std::string> found;
        for (const auto& entry : listing.entries)
            found.push_back(entry.name + (entry.is_directory ? "/" : ""));
        return found;
    }

    TempDirectory place_;
};

TEST_F(ListingTest, FoldersComeFirstAndThenNames) {
    place_.write("b.txt", "12");
    place_.write("a.txt", "1");
    place_.write("z/file", "");
    place_.write("y/file", "");

    const DirectoryListing listing = list();

    EXPECT_THAT(names(listing), ElementsAre("y/", "z/", "a.txt", "b.txt"));
    EXPECT_EQ(listing.entries[3].size, 2U);
    EXPECT_FALSE(listing.is_cut);
}

TEST_F(ListingTest, WhatClientsCannotHaveIsNotShown) {
    place_.write(".secret", "");
    place_.write("file", "");
    fs::create_symlink("/etc/passwd", place_ / "out");
    fs::create_symlink("file", place_ / "in");
    fs::create_symlink("none", place_ / "broken");
    ASSERT_EQ(mkfifo((place_ / "fifo").c_str(), 0600), 0);

    EXPECT_THAT(names(list()), ElementsAre("file", "in"));
    FilesConfig files;
    files.symlinks = Symlinks::Deny;
    EXPECT_THAT(names(list(files)), ElementsAre("file"));
    files.symlinks = Symlinks::Follow;
    EXPECT_THAT(names(list(files)), ElementsAre("file", "in", "out"));
    files.symlinks = Symlinks::Beneath;
    files.dotfiles = true;
    EXPECT_THAT(names(list(files)), ElementsAre(".secret", "file", "in"));
}

TEST_F(ListingTest, AThousandAreShownAndTheRestIsTold) {
    for (int i = 0; i < 1001; ++i) place_.write("f" + std::to_string(10'000 + i), "");

    const DirectoryListing listing = list();

    EXPECT_EQ(listing.entries.size(), 1000U);
    EXPECT_TRUE(listing.is_cut);
    EXPECT_THAT(listing_page("/", Parent::None, listing), HasSubstr("There is more"));
}

TEST(ListingPage, NamesOfAnyBytesStayNamesAndLinks) {
    const DirectoryListing listing{
        .entries = {{.name = "<script>\"&'"},
                    {.name = "a:b c%d#e?f"},
                    {.name = "\xff\xfe.txt"},
                    {.name = "n\xc3\xa4me"}}
    };

    const std::string page = listing_page("/<b>/", Parent::Linked, listing);

    EXPECT_THAT(page, Not(HasSubstr("<script>")));
    EXPECT_THAT(page, Not(HasSubstr("<b>")));
    EXPECT_THAT(page, HasSubstr("href=\"./a:b%20c%25d%23e%3Ff\""));
    EXPECT_THAT(page, HasSubstr("href=\"./%FF%FE.txt\">\xef\xbf\xbd\xef\xbf\xbd.txt</a>"));
    EXPECT_THAT(page, HasSubstr(">n\xc3\xa4me</a>"));
    EXPECT_THAT(page, HasSubstr("href=\"../\""));
}

TEST(ListingPage, SizesAreReadable) {
    const struct {
        std::uint64_t size;
        const char* text;
    } table[] = {
        {0,             ">0 B<"   },
        {999,           ">999 B<" },
        {1000,          ">1.0 kB<"},
        {1550,          ">1.6 kB<"},
        {999'499,       ">999 kB<"},
        {999'500,       ">1.0 MB<"},
        {20'000'000,    ">20 MB<" },
        {5'000'000'000, ">5.0 GB<"},
    };
    for (const auto& row : table)
        EXPECT_THAT(listing_page("/", Parent::None, {.entries = {{.name = "f", .size = row.size}}}),
                    HasSubstr(row.text));
}

TEST(ListingJson, IsAListOfNamesTypesTimesAndSizes) {
    const DirectoryListing listing{
        .entries = {{.name = "folder", .is_directory = true}, {.name = "a\n\"\xff", .size = 12}}
    };

    EXPECT_EQ(listing_json(listing),
              "[\n{\"name\": \"folder\", \"type\": \"directory\", "
              "\"mtime\": \"Thu, 01 Jan 1970 00:00:00 GMT\"},\n"
              "{\"name\": \"a\\u000a\\u0022\xef\xbf\xbd\", \"type\": \"file\", "
              "\"mtime\": \"Thu, 01 Jan 1970 00:00:00 GMT\", \"size\": 12}\n]\n");
    EXPECT_EQ(listing_json({}), "[\n]\n");
}

}  // namespace bundle
