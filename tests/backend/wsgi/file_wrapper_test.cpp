#include "backend/wsgi/file_wrapper.hpp"

#include <gmock/gmock.h>

#include "tests/backend/wsgi/wsgi_fixture.hpp"
#include "tests/support/temp_directory.hpp"

namespace bundle {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using wire::FrameType;
using wire::Outcome;

class FileWrapperTest : public WsgiTest {
  protected:
    FileWrapperTest() { directory_.write("ten.txt", "0123456789"); }

    // An application that opens something as `f`, with `path` naming a file of ten bytes, and wraps
    // it.
    ReceivedAnswer wrap(const std::string& opening, const std::string& headers = "",
                        const wire::Request& request = get()) {
        return serve("path = '" + (directory_ / "ten.txt").string() +
                         "'\ndef app(environ, start_response):\n    global f\n    f = " + opening +
                         "\n    respond(start_response, " + headers +
                         ")\n    return environ['wsgi.file_wrapper'](f, 4)\n",
                     request);
    }

    TempDirectory directory_;
};

TEST_F(FileWrapperTest, ARealFileTravelsAsADescriptor) {
    const ReceivedAnswer answer = wrap("open(path, 'rb')");

    EXPECT_THAT(answer.frames, ElementsAre(FrameType::AnswerHead, FrameType::File, FrameType::End));
    EXPECT_EQ(answer.field("content-length"), "10");
    EXPECT_EQ(answer.file->part, (wire::File{0, 10}));
    EXPECT_EQ(answer.file->bytes, "0123456789");
    EXPECT_EQ(answer.outcome, Outcome::Complete);
    EXPECT_EQ(evaluate("f.closed"), "True");
}

TEST_F(FileWrapperTest, ItBeginsWhereTheFileIsReadNext) {
    const std::string read_three = "(o := open(path, 'rb'), o.read(3))[0]";

    const ReceivedAnswer answer = wrap(read_three);

    EXPECT_EQ(answer.field("content-length"), "7");
    EXPECT_EQ(answer.file->part, (wire::File{3, 7}));
}

TEST_F(FileWrapperTest, AContentLengthBoundsIt) {
    EXPECT_EQ(wrap("open(path, 'rb')", "('Content-Length', '4')").file->part, (wire::File{0, 4}));
    EXPECT_EQ(log(), "");

    EXPECT_EQ(wrap("open(path, 'rb')", "('Content-Length', '40')").outcome, Outcome::Aborted);
    EXPECT_THAT(log(), HasSubstr("a body of 10 bytes where Content-Length says 40"));
}

TEST_F(FileWrapperTest, AWholeFileIsAnnouncedAndComesWithAHeadToo) {
    for (const wire::Request& request : {get(), head()}) {
        const ReceivedAnswer answer = wrap("open(path, 'rb')", "", request);

        EXPECT_THAT(answer.frames,
                    ElementsAre(FrameType::AnswerHead, FrameType::File, FrameType::End));
        EXPECT_TRUE(answer.is_whole_file);
        EXPECT_EQ(answer.field("content-length"), "10");
        EXPECT_EQ(answer.file->part, (wire::File{0, 10}));
    }
}

TEST_F(FileWrapperTest, APartIsNotAnnounced) {
    for (const auto& [opening, arguments] :
         std::initializer_list<std::pair<const char*, const char*>>{
             {"(o := open(path, 'rb'), o.read(3))[0]", ""                            },
             {"open(path, 'rb')",                      "('Content-Length', '4')"     },
             {"open(path, 'rb')",                      "status='206 Partial Content'"}
    }) {
        EXPECT_FALSE(wrap(opening, arguments).is_whole_file) << opening << arguments;
        EXPECT_FALSE(wrap(opening, arguments, head()).file);
    }
}

TEST_F(FileWrapperTest, BodilessAnswersSendNoFile) {
    EXPECT_FALSE(wrap("open(path, 'rb')", "status='304 Not Modified'").file);
}

TEST_F(FileWrapperTest, FilesOfAllPlainKindsAreSent) {
    for (const char* opening :
         {"open(path, 'rb', buffering=0)", "open(path, 'r+b')",
          "(t := tempfile.NamedTemporaryFile(), t.write(b'0123456789'), t.seek(0))[0]",
          "(t := tempfile.TemporaryFile(), t.write(b'0123456789'), t.seek(0))[0]"}) {
        const ReceivedAnswer answer = wrap(opening);

        ASSERT_TRUE(answer.file) << opening;
        EXPECT_EQ(answer.file->bytes, "0123456789") << opening;
        EXPECT_EQ(evaluate("f.closed"), "True") << opening;
    }
}

TEST_F(FileWrapperTest, AnEmptyRestIsAnEmptyBody) {
    const ReceivedAnswer answer = wrap("(o := open(path, 'rb'), o.seek(99))[0]");

    EXPECT_THAT(answer.frames, ElementsAre(FrameType::AnswerHead, FrameType::End));
    EXPECT_EQ(answer.field("content-length"), "0");
    EXPECT_EQ(answer.outcome, Outcome::Complete);
}

TEST_F(FileWrapperTest, WhatIsNoPlainFileIsRead) {
    for (const char* opening : {
             "io.BytesIO(b'0123456789')",
             "(t := tempfile.SpooledTemporaryFile(), t.write(b'0123456789'), t.seek(0))[0]",
             // A gzip file has a fileno(), but what it reads is not what lies there.
             "(__import__('gzip').open(path + '.gz', 'wb').write(b'0123456789'), "
             "__import__('gzip').open(path + '.gz'))[1]",
             "type('Part', (), {'file': open(path, 'rb'), 'fileno': lambda s: s.file.fileno(), "
             "'tell': lambda s: 0,"
             " 'read': lambda s, n: s.file.read(n)})()",
             "type('Own', (io.FileIO,), {'read': lambda s, n: io.FileIO.read(s, n)})(path)",
         }) {
        execute("import gc; gc.collect()");
        const ReceivedAnswer answer = wrap(opening);

        EXPECT_FALSE(answer.file) << opening;
        EXPECT_EQ(answer.body, "0123456789") << opening << log();
        EXPECT_EQ(answer.outcome, Outcome::Complete) << opening;
    }
}

TEST_F(FileWrapperTest, APipeIsRead) {
    EXPECT_EQ(
        wrap("(p := os.pipe(), os.write(p[1], b'0123456789'), os.close(p[1]), open(p[0], 'rb'))[3]")
            .body,
        "0123456789");
}

TEST_F(FileWrapperTest, AnyoneCanIterateIt) {
    const ReceivedAnswer answer = serve(R"(
def app(environ, start_response):
    respond(start_response)
    return [b'|'.join(environ['wsgi.file_wrapper'](io.BytesIO(b'0123456789'), 4))]
)");

    EXPECT_EQ(answer.body, "0123|4567|89");
}

TEST_F(FileWrapperTest, HasACloseOnlyWhenTheFileHasOne) {
    serve(R"(
def app(environ, start_response):
    global wrapper
    wrapper = environ['wsgi.file_wrapper']
    respond(start_response)
    return []
)");

    EXPECT_EQ(evaluate("hasattr(wrapper(io.BytesIO()), 'close')"), "True");
    EXPECT_EQ(evaluate("hasattr(wrapper(object()), 'close')"), "False");
    EXPECT_THAT(evaluate("wrapper()"), HasSubstr("TypeError"));
    EXPECT_THAT(evaluate("wrapper(io.BytesIO(), 0)"), HasSubstr("ValueError: the block size"));
    EXPECT_EQ(evaluate("wrapper(io.BytesIO(b'abc'), blksize=2).blksize"), "2");
}

TEST_F(FileWrapperTest, AFileThatWasClosedIsAnError) {
    EXPECT_EQ(wrap("(o := open(path, 'rb'), o.close())[0]").outcome, Outcome::Failed);
    EXPECT_THAT(log(), HasSubstr("closed file"));
}

}  // namespace bundle
