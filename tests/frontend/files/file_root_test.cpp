#include "frontend/files/file_root.hpp"

#include <gmock/gmock.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <filesystem>

#include "tests/support/temp_directory.hpp"

namespace bundle {

namespace fs = std::filesystem;
using Kind = FoundFile::Kind;

// Root may read everything: as long as this one lives, we are somebody else.
class OrdinaryUser {
  public:
    OrdinaryUser() { EXPECT_TRUE(user_ != 0 || seteuid(kNobody) == 0); }
    OrdinaryUser(const OrdinaryUser&) = delete;
    OrdinaryUser& operator=(const OrdinaryUser&) = delete;
    ~OrdinaryUser() { EXPECT_EQ(seteuid(user_), 0); }

  private:
    static constexpr uid_t kNobody = 65534;
    const uid_t user_ = geteuid();
};

class FileRootTest : public testing::Test {
  protected:
    FileRoot open_root(const std::string& below = "root") {
        fs::create_directories(place_ / below);
        auto root = FileRoot::open(place_ / below, {"index.html", "index.htm"});
        EXPECT_TRUE(root) << root.error().message;
        return std::move(*root);
    }

    TempDirectory place_;
};

TEST_F(FileRootTest, AFileBelowTheRootIsFound) {
    place_.write("root/css/site.css", "body {}");

    const FoundFile found = open_root().find("/css/site.css");

    ASSERT_EQ(found.kind, Kind::File);
    EXPECT_EQ(found.facts.st_size, 7);
    EXPECT_EQ(found.name, "css/site.css");
}

TEST_F(FileRootTest, WhatIsNotThereIsNothing) {
    place_.write("root/file", "");
    const FileRoot root = open_root();

    for (const char* path :
         {"/none", "/none/deeper", "/file/deeper", "/file/", "*", "file", "//file"})
        EXPECT_EQ(root.find(path).kind, Kind::Nothing) << path;
    EXPECT_EQ(root.find("/" + std::string(5000, 'a')).kind, Kind::Nothing);
    EXPECT_EQ(root.find("/" + std::string(300, 'a')).kind, Kind::Nothing);
    EXPECT_EQ(root.find(std::string_view("/file\0", 6)).kind, Kind::Nothing);
}

TEST_F(FileRootTest, NothingOutsideOfTheRootIsFound) {
    place_.write("secret", "s");
    place_.write("outside/secret", "s");
    const FileRoot root = open_root();
    fs::create_symlink("../secret", place_ / "root/relative");
    fs::create_symlink(place_ / "secret", place_ / "root/absolute");
    fs::create_directory_symlink("../outside", place_ / "root/folder");
    fs::create_symlink("/proc/self/root/etc/passwd", place_ / "root/magic");

    for (const char* path :
         {"/relative", "/absolute", "/folder/secret", "/magic", "/../secret", "/x/../../secret"})
        EXPECT_EQ(root.find(path).kind, Kind::Nothing) << path;
}

TEST_F(FileRootTest, ASymbolicLinkInsideOfTheRootIsFollowed) {
    place_.write("root/releases/42/app.js", "x");
    const FileRoot root = open_root();
    fs::create_directory_symlink("releases/42", place_ / "root/current");

    EXPECT_EQ(root.find("/current/app.js").kind, Kind::File);
}

TEST_F(FileRootTest, ALinkThatPointsAtItselfIsNothing) {
    const FileRoot root = open_root();
    fs::create_symlink("loop", place_ / "root/loop");

    EXPECT_EQ(root.find("/loop").kind, Kind::Nothing);
}

TEST_F(FileRootTest, NamesThatBeginWithADotAreNotFoundButForWellKnown) {
    for (const char* name :
         {".env", ".git/config", "a/.htpasswd", ".well-known/acme-challenge/token",
          ".well-known/.hidden", ".well-known2/x"})
        place_.write(std::string("root/") + name, "x");
    const FileRoot root = open_root();

    for (const char* path :
         {"/.env", "/.git/config", "/a/.htpasswd", "/.well-known/.hidden", "/.well-known2/x"})
        EXPECT_EQ(root.find(path).kind, Kind::Nothing) << path;
    EXPECT_EQ(root.find("/.well-known/acme-challenge/token").kind, Kind::File);
}

TEST_F(FileRootTest, AFifoOrADeviceNeitherBlocksNorIsFound) {
    const FileRoot root = open_root();
    ASSERT_EQ(mkfifo((place_ / "root/fifo").c_str(), 0600), 0);

    EXPECT_EQ(root.find("/fifo").kind, Kind::Nothing);
    if (mknod((place_ / "root/zero").c_str(), S_IFCHR | 0600, makedev(1, 5)) == 0) {
        EXPECT_EQ(root.find("/zero").kind, Kind::Nothing);
    }
}

TEST_F(FileRootTest, AFolderIsAnsweredWithTheFirstIndexFileThatExists) {
    place_.write("root/index.htm", "top");
    place_.write("root/both/index.htm", "old");
    place_.write("root/both/index.html", "new");
    const FileRoot root = open_root();

    EXPECT_EQ(root.find("/").name, "index.htm");
    EXPECT_EQ(root.find("/both/").name, "both/index.html");
}

TEST_F(FileRootTest, AFolderWithoutItsSlashIsADirectoryOnlyWhenItHasAnIndexFile) {
    place_.write("root/with/index.html", "x");
    place_.write("root/without/other.html", "x");
    const FileRoot root = open_root();

    EXPECT_EQ(root.find("/with").kind, Kind::Directory);
    EXPECT_EQ(root.find("/without").kind, Kind::Nothing);
    EXPECT_EQ(root.find("/without/").kind, Kind::Nothing);
    EXPECT_EQ(root.find("").kind, Kind::Nothing);
    place_.write("root/index.html", "x");
    EXPECT_EQ(root.find("").kind, Kind::Directory);
}

TEST_F(FileRootTest, WhatOurUserMayNotReadIsForbidden) {
    fs::permissions(place_.write("root/private", "x"), fs::perms::none);
    const FileRoot root = open_root();
    fs::permissions(place_ / "", fs::perms::all);
    const OrdinaryUser user;

    EXPECT_EQ(root.find("/private").kind, Kind::Forbidden);
}

TEST_F(FileRootTest, AFolderThatOurUserMaySearchAndNotReadStillLeadsToItsIndex) {
    for (const char* file : {"root/indexed/index.html", "root/bare/file"})
        fs::permissions(place_.write(file, "x"), fs::perms::all);
    for (const char* folder : {"root/indexed", "root/bare"})
        fs::permissions(place_ / folder, fs::perms(0111));
    const FileRoot root = open_root();
    fs::permissions(place_ / "", fs::perms::all);
    const OrdinaryUser user;

    EXPECT_EQ(root.find("/indexed/").kind, Kind::File);
    EXPECT_EQ(root.find("/indexed").kind, Kind::Directory);
    EXPECT_EQ(root.find("/bare").kind, Kind::Forbidden);
    EXPECT_EQ(root.find("/bare/file").kind, Kind::File);
}

TEST_F(FileRootTest, ARootThatIsReplacedOnTheDiskStaysTheOneThatWasOpened) {
    place_.write("root/a", "x");
    const FileRoot root = open_root();

    fs::rename(place_ / "root", place_ / "old");

    EXPECT_EQ(root.find("/a").kind, Kind::File);
}

TEST_F(FileRootTest, ADirectoryThatIsNotThereCannotBeARoot) {
    const auto root = FileRoot::open(place_ / "none", {});

    ASSERT_FALSE(root);
    EXPECT_EQ(root.error().message,
              "open the directory " + (place_ / "none").string() + ": No such file or directory");
}

TEST_F(FileRootTest, EveryRootHasAnIdOfItsOwn) { EXPECT_NE(open_root().id(), open_root().id()); }

}  // namespace bundle
