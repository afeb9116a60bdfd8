#include "frontend/route/error_files.hpp"

#include <gtest/gtest.h>

#include <array>

#include "tests/support/temp_directory.hpp"

namespace bundle {

class ErrorFilesTest : public testing::Test {
  protected:
    ErrorFiles load(const std::map<std::string, std::string>& files) {
        return ErrorFiles::load(files, loaded_).value();
    }
    // "" for none.
    static std::string told(const ErrorFiles& files, std::uint16_t status) {
        const auto page = files.page(status, {});
        if (!page) return "";
        EXPECT_EQ(page->status, status);
        return std::string(page->bytes);
    }

    TempDirectory place_;
    std::string missing_ = place_.write("404.html", "missing");
    std::string broken_ = place_.write("50x.html", "broken");
    LoadedErrorFiles loaded_;
};

TEST_F(ErrorFilesTest, AStatusComesBeforeItsClass) {
    const ErrorFiles files = load({
        {"404", missing_},
        {"5xx", broken_ },
        {"4xx", broken_ }
    });

    EXPECT_EQ(told(files, 404), "missing");
    EXPECT_EQ(told(files, 403), "broken");
    EXPECT_EQ(told(files, 503), "broken");
    EXPECT_EQ(told(load({
                       {"404", missing_}
    }),
                   403),
              "");
    EXPECT_EQ(told(load({}), 404), "");
}

TEST_F(ErrorFilesTest, APageSaysWhatItIsAndIsNotStored) {
    const std::array<HeaderField, 1> more = {{{"Retry-After", "3"}}};

    const auto page = load({
                               {"503", broken_}
    })
                          .page(503, more);

    ASSERT_TRUE(page);
    EXPECT_EQ(Headers(page->fields.begin(), page->fields.end()),
              (Headers{
                  {"Content-Type",   "text/html; charset=utf-8"},
                  {"Content-Length", "6"                       },
                  {"Cache-Control",  "no-store"                },
                  {"Retry-After",    "3"                       }
    }));
}

TEST_F(ErrorFilesTest, APageIsThereWhenItsFileIsGone) {
    const auto page = [&] {
        const ErrorFiles files = load({
            {"404", missing_}
        });
        std::filesystem::remove(missing_);
        loaded_.clear();
        return files.page(404, {});
    }();

    EXPECT_EQ(page->bytes, "missing") << "it outlives the configuration, too";
}

TEST_F(ErrorFilesTest, AFileThatCannotBeReadIsAnError) {
    const std::string large = place_.write("large.html", std::string((1U << 20) + 1, 'x'));

    EXPECT_EQ(ErrorFiles::load(
                  {
                      {"404", place_ / "none.html"}
    },
                  loaded_)
                  .error()
                  .message,
              "open " + (place_ / "none.html").string() + ": No such file or directory");
    EXPECT_EQ(ErrorFiles::load(
                  {
                      {"404", large}
    },
                  loaded_)
                  .error()
                  .message,
              "read " + large + ": it is larger than 1048576 bytes");
}

}  // namespace bundle
