#include "frontend/files/static_file.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/stat.h>

#include <filesystem>

#include "frontend/files/file_root.hpp"
#include "frontend/files/open_file_cache.hpp"
#include "tests/support/temp_directory.hpp"

namespace bundle {

using testing::ElementsAre;

class StaticFileTest : public testing::Test {
  protected:
    StaticFileTest() : root_(std::move(FileRoot::open(place_.path(), {"index.html"}).value())) {
        write("hello.txt", "Hello, world");
    }

    // Modified on 6 November 1994.
    void write(std::string_view name, std::string_view contents) {
        const auto file = place_.write(name, contents);
        const timespec moment{.tv_sec = 784'111'777, .tv_nsec = 0};
        const timespec times[2] = {moment, moment};
        ASSERT_EQ(utimensat(AT_FDCWD, file.c_str(), times, 0), 0);
    }

    std::optional<Answer> ask(std::string_view path, Headers fields = {},
                              std::string_view method = "GET",
                              OtherMethods other = OtherMethods::Refuse) {
        head_.method = method;
        head_.path = std::string("/files") + std::string(path);
        head_.fields = std::move(fields);
        return answer_from_file(
            cache_, {.root = root_, .path = path, .head = head_, .other_methods = other}, {});
    }

    // "200\nName: value\n...\n\nbody"
    static std::string told(const std::optional<Answer>& answer) {
        if (!answer) return "nothing";
        std::string text = std::to_string(answer->status) + "\n";
        for (const HeaderField& field : answer->fields)
            text.append(field.name).append(": ").append(field.value) += '\n';
        text.append("\n");
        tell({answer->bytes, answer->file}, text);
        for (const BodyPart& part : answer->more) tell(part, text);
        return text;
    }
    static void tell(const BodyPart& part, std::string& text) {
        text += part.bytes;
        if (part.file.length > 0)
            text +=
                "file " + std::to_string(part.file.offset) + "+" + std::to_string(part.file.length);
    }

    TempDirectory place_;
    FileRoot root_;
    OpenFileCache cache_;
    RequestHead head_;
};

constexpr const char* kWholeFile =
    "200\nLast-Modified: Sun, 06 Nov 1994 08:49:37 GMT\nETag: "
    "\"ae1b981bc490a00-c\"\nAccept-Ranges: bytes\n"
    "Content-Type: text/plain; charset=utf-8\nContent-Length: 12\n\nHello, world";

TEST_F(StaticFileTest, AGetIsAnsweredWithTheFile) {
    EXPECT_EQ(told(ask("/hello.txt")), kWholeFile);
}

TEST_F(StaticFileTest, AHeadIsAnsweredWithTheSameFieldsAndNoBody) {
    const std::string whole = kWholeFile;

    EXPECT_EQ(told(ask("/hello.txt", {}, "HEAD")), whole.substr(0, whole.find("Hello")));
    EXPECT_EQ(told(ask("/hello.txt",
                       {
                           {"range", "bytes=0-1"}
    },
                       "HEAD")),
              whole.substr(0, whole.find("Hello")));
}

TEST_F(StaticFileTest, WhatIsNotThereIsLeftToTheCaller) {
    EXPECT_EQ(told(ask("/none")), "nothing");
    EXPECT_EQ(told(ask("/none", {}, "POST")), "nothing");
}

TEST_F(StaticFileTest, AnotherMethodIsRefusedWhereThereIsAFileOrPassedOn) {
    EXPECT_EQ(told(ask("/hello.txt", {}, "POST")), "405\nAllow: GET, HEAD, OPTIONS\n\n");
    EXPECT_EQ(told(ask("/hello.txt", {}, "POST", OtherMethods::PassOn)), "nothing");
    EXPECT_EQ(told(ask("/hello.txt", {}, "GET", OtherMethods::PassOn)), kWholeFile);
}

TEST_F(StaticFileTest, ALargeFileIsSentFromItsDescriptor) {
    write("large", std::string(100'000, 'x'));

    const auto answer = ask("/large");

    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->bytes, "");
    EXPECT_GE(answer->file.fd, 0);
    EXPECT_EQ(answer->file.length, 100'000U);
    EXPECT_THAT(told(ask("/large",
                         {
                             {"range", "bytes=-10"}
    })),
                testing::EndsWith("\n\nfile 99990+10"));
}

TEST_F(StaticFileTest, AFolderWithoutItsSlashIsRedirectedToItWithTheQuery) {
    write("a \"folder\"/index.html", "x");

    EXPECT_EQ(told(ask("/a \"folder\"")),
              "301\nLocation: /files/a%20%22folder%22/\nContent-Length: 0\n\n");
    head_.query = "b=c&d";
    EXPECT_EQ(told(ask("/a \"folder\"")),
              "301\nLocation: /files/a%20%22folder%22/?b=c&d\nContent-Length: 0\n\n");
    EXPECT_EQ(told(ask("/a \"folder\"", {}, "POST")), "405\nAllow: GET, HEAD, OPTIONS\n\n");
}

TEST_F(StaticFileTest, TheRootItselfWithoutItsSlashIsRedirectedToo) {
    write("index.html", "x");

    EXPECT_EQ(told(ask("")), "301\nLocation: /files/\nContent-Length: 0\n\n");
}

TEST_F(StaticFileTest, WhoHasTheFileAlreadyIsToldSo) {
    const std::string expected =
        "304\nLast-Modified: Sun, 06 Nov 1994 08:49:37 GMT\nETag: \"ae1b981bc490a00-c\"\n\n";

    EXPECT_EQ(told(ask("/hello.txt",
                       {
                           {"if-none-match", "\"ae1b981bc490a00-c\""}
    })),
              expected);
    EXPECT_EQ(told(ask("/hello.txt",
                       {
                           {"if-modified-since", "Sun, 06 Nov 1994 08:49:37 GMT"}
    },
                       "HEAD")),
              expected);
    EXPECT_EQ(told(ask("/hello.txt",
                       {
                           {"if-none-match", "*"        },
                           {"range",         "bytes=0-1"}
    })),
              expected);
}

TEST_F(StaticFileTest, WhoSpeaksOfAnotherStateIsRefused) {
    EXPECT_EQ(told(ask("/hello.txt",
                       {
                           {"if-match", "\"other\""}
    })),
              "412\n\n");
}

TEST_F(StaticFileTest, ARangeIsAnsweredWithItsPart) {
    const std::string head_of_part =
        "206\nLast-Modified: Sun, 06 Nov 1994 08:49:37 GMT\nETag: "
        "\"ae1b981bc490a00-c\"\nAccept-Ranges: bytes\n"
        "Content-Type: text/plain; charset=utf-8\n";

    EXPECT_EQ(told(ask("/hello.txt",
                       {
                           {"range", "bytes=0-4"}
    })),
              head_of_part + "Content-Range: bytes 0-4/12\nContent-Length: 5\n\nHello");
    EXPECT_EQ(told(ask("/hello.txt",
                       {
                           {"range",    "bytes=-5"             },
                           {"if-range", "\"ae1b981bc490a00-c\""}
    })),
              head_of_part + "Content-Range: bytes 7-11/12\nContent-Length: 5\n\nworld");
    EXPECT_EQ(told(ask("/hello.txt",
                       {
                           {"range",    "bytes=0-4"},
                           {"if-range", "\"other\""}
    })),
              kWholeFile);
    EXPECT_EQ(told(ask("/hello.txt",
                       {
                           {"range", "bytes=3-4,0-2"}
    })),
              head_of_part + "Content-Range: bytes 0-4/12\nContent-Length: 5\n\nHello");
    EXPECT_EQ(told(ask("/hello.txt",
                       {
                           {"range", "bytes=12-"}
    })),
              "416\nContent-Range: bytes */12\n\n");
}

// The boundary as "B".
std::string with_short_boundary(std::string text) {
    constexpr std::string_view kBefore = "boundary=";
    const std::string boundary = text.substr(text.find(kBefore) + kBefore.size(), 32);
    for (auto at = text.find(boundary); at != std::string::npos; at = text.find(boundary))
        text.replace(at, boundary.size(), "B");
    return text;
}

TEST_F(StaticFileTest, SeveralRangesAreAnsweredInOneBodyOfSeveralParts) {
    const auto answer = ask("/hello.txt", {
                                              {"range", "bytes=-5,0-0"}
    });

    EXPECT_EQ(with_short_boundary(told(answer)),
              "206\nLast-Modified: Sun, 06 Nov 1994 08:49:37 GMT\nETag: "
              "\"ae1b981bc490a00-c\"\nAccept-Ranges: bytes\n"
              "Content-Type: multipart/byteranges; boundary=B\nContent-Length: 267\n\n"
              "\r\n--B\r\nContent-Type: text/plain; charset=utf-8\r\n"
              "Content-Range: bytes 7-11/12\r\n\r\nworld"
              "\r\n--B\r\nContent-Type: text/plain; charset=utf-8\r\n"
              "Content-Range: bytes 0-0/12\r\n\r\nH"
              "\r\n--B--\r\n");
}

TEST_F(StaticFileTest, SeveralPartsOfALargeFileComeFromItsDescriptor) {
    write("large", std::string(100'000, 'x'));

    const std::string text =
        with_short_boundary(told(ask("/large", {
                                                   {"range", "bytes=0-9,-10"}
    })));

    EXPECT_THAT(text, testing::HasSubstr("bytes 0-9/100000\r\n\r\nfile 0+10\r\n--B\r\n"));
    EXPECT_THAT(text, testing::HasSubstr("\r\n\r\nfile 99990+10\r\n--B--\r\n"));
}

TEST_F(StaticFileTest, OptionsTellsWhatAFileMayBeAskedWith) {
    EXPECT_EQ(told(ask("/hello.txt", {}, "OPTIONS")), "204\nAllow: GET, HEAD, OPTIONS\n\n");
    EXPECT_EQ(told(ask("/none", {}, "OPTIONS")), "nothing");
    EXPECT_EQ(told(ask("/hello.txt", {}, "OPTIONS", OtherMethods::PassOn)), "nothing");
}

TEST_F(StaticFileTest, AnAnswerOutlivesTheCacheAndTheFile) {
    auto whole = ask("/hello.txt");
    auto part = ask("/hello.txt", {
                                      {"range", "bytes=7-"}
    });

    cache_ = OpenFileCache();
    std::filesystem::remove(place_ / "hello.txt");

    EXPECT_EQ(told(whole), kWholeFile);
    EXPECT_THAT(told(part), testing::EndsWith("\n\nworld"));
}

TEST_F(StaticFileTest, ATimeThatLiesAheadIsNotGivenOut) {
    const auto file = place_.write("ahead.txt", "x");
    std::filesystem::last_write_time(
        file, std::filesystem::file_time_type::clock::now() + std::chrono::hours(24));

    const auto answer = ask("/ahead.txt");

    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->fields.size(), 4U);
    EXPECT_EQ(answer->fields.front().name, "ETag");
    EXPECT_EQ(answer->fields.back().name, "Content-Length");
}

}  // namespace bundle
