#include "frontend/files/send_file_roots.hpp"

#include <gmock/gmock.h>

#include <filesystem>

#include "tests/support/temp_directory.hpp"

namespace bundle {

class SendFileRootsTest : public testing::Test {
  protected:
    SendFileRootsTest() {
        place_.write("media/a.txt", "a");
        place_.write("media/inner/b.txt", "b");
        std::filesystem::create_symlink("media", place_ / "link");
    }

    std::string of(const std::string& name) { return (place_ / name).string(); }

    static std::string found(const SendFileRoots& roots, const std::string& path) {
        const auto place = roots.place_of(path);
        if (!place) return "outside";
        return std::string(place->path) +
               (place->root->find(place->path).kind == FoundFile::Kind::File ? " found"
                                                                             : " missing");
    }

    TempDirectory place_;
};

TEST_F(SendFileRootsTest, AFileBelowARootIsFound) {
    const auto roots = SendFileRoots::open({of("media")}).value();

    EXPECT_EQ(found(roots, of("media/a.txt")), "/a.txt found");
    EXPECT_EQ(found(roots, of("media//a.txt")), "//a.txt missing");
    EXPECT_EQ(found(roots, of("media/../media/a.txt")), "/../media/a.txt missing");
    EXPECT_EQ(found(roots, of("media")), "outside");
    EXPECT_EQ(found(roots, of("mediax/a.txt")), "outside");
    EXPECT_EQ(found(roots, "a.txt"), "outside");
    EXPECT_EQ(found(roots, ""), "outside");
    EXPECT_FALSE(roots.empty());
}

TEST_F(SendFileRootsTest, TheInnermostRootIsAsked) {
    const auto roots = SendFileRoots::open({of("media"), of("media/inner")}).value();

    EXPECT_EQ(found(roots, of("media/inner/b.txt")), "/b.txt found");
}

TEST_F(SendFileRootsTest, ARootThatIsALinkHasTwoNames) {
    const auto roots = SendFileRoots::open({of("link")}).value();

    EXPECT_EQ(found(roots, of("link/a.txt")), "/a.txt found");
    EXPECT_EQ(found(roots, std::filesystem::canonical(of("media")).string() + "/a.txt"),
              "/a.txt found");
}

TEST_F(SendFileRootsTest, TheWholeDiskIsARootToo) {
    const auto roots = SendFileRoots::open({"/"}).value();

    EXPECT_EQ(found(roots, of("media/a.txt")), of("media/a.txt") + " found");
}

TEST_F(SendFileRootsTest, WithoutRootsEveryFileIsOutsideAndAMissingRootIsAnError) {
    const auto none = SendFileRoots::open({}).value();

    EXPECT_TRUE(none.empty());
    EXPECT_EQ(found(none, of("media/a.txt")), "outside");
    EXPECT_THAT(SendFileRoots::open({of("gone")}).error().message, testing::HasSubstr("gone"));
}

}  // namespace bundle
