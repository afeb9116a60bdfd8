#include "backend/wsgi/input.hpp"

#include <gmock/gmock.h>

#include "backend/python/exception.hpp"
#include "tests/backend/wsgi/wsgi_fixture.hpp"

namespace bundle {

using ::testing::HasSubstr;
using ::testing::StartsWith;

enum class Place { Memory, File };

// Everything is the same whether the body lies in memory or in a file: expressions with the input
// as `f`.
class InputTest : public ::testing::TestWithParam<Place> {
  protected:
    InputTest() {
        need_python();
        type_ = make_input_type();
        globals_.reset(PyDict_New());
        PyDict_SetItemString(globals_.get(), "__builtins__", PyEval_GetBuiltins());
    }

    void open(std::string body) {
        body_ = std::move(body);
        input_ = make_input(as_type(type_), GetParam() == Place::Memory
                                                ? BodyReader(body_)
                                                : BodyReader(unnamed_file(body_), body_.size()));
        PyDict_SetItemString(globals_.get(), "f", input_.get());
    }

    std::string evaluate(const std::string& expression) {
        const PyRef value(
            PyRun_String(expression.c_str(), Py_eval_input, globals_.get(), globals_.get()));
        const PyRef text(value ? PyObject_Repr(value.get()) : nullptr);
        return text ? PyUnicode_AsUTF8(text.get()) : take_exception_text();
    }

    PyRef type_;
    PyRef globals_;
    PyRef input_;
    std::string body_;
};

INSTANTIATE_TEST_SUITE_P(Input, InputTest, ::testing::Values(Place::Memory, Place::File),
                         [](const auto& test) {
                             return test.param == Place::Memory ? "InMemory" : "Spooled";
                         });

TEST_P(InputTest, ReadsInPartsAndNothingAtTheEnd) {
    open("abcdef");

    EXPECT_EQ(evaluate("(f.read(2), f.read(0), f.read(), f.read(), f.read(5))"),
              "(b'ab', b'', b'cdef', b'', b'')");
}

TEST_P(InputTest, NoneAndNegativeMeanAll) {
    open("abc");

    EXPECT_EQ(evaluate("(f.read(-1), f.seek(0), f.read(None), f.seek(0), f.readline(None), "
                       "f.seek(0), f.readlines(-1))"),
              "(b'abc', 0, b'abc', 0, b'abc', 0, [b'abc'])");
}

TEST_P(InputTest, ReadsLines) {
    open("one\ntwo\n\nlast");

    EXPECT_EQ(evaluate("(f.readline(), f.readline(2), f.readline(9), f.readline(), f.readline(0), "
                       "f.readline(), f.readline())"),
              "(b'one\\n', b'tw', b'o\\n', b'\\n', b'', b'last', b'')");
}

TEST_P(InputTest, ReadlinesStopsAfterItsHint) {
    open("one\ntwo\nthree");

    EXPECT_EQ(evaluate("(f.readlines(5), f.readlines(0), f.readlines())"),
              "([b'one\\n', b'two\\n'], [b'three'], [])");
}

TEST_P(InputTest, IsItsOwnIterator) {
    open("one\ntwo");

    EXPECT_EQ(evaluate("(iter(f) is f, next(f), list(f), list(f))"),
              "(True, b'one\\n', [b'two'], [])");
}

TEST_P(InputTest, FillsBuffers) {
    open("abcdef");

    EXPECT_EQ(evaluate("(b := bytearray(4), f.readinto(b), bytes(b), f.readinto(b), bytes(b), "
                       "f.readinto(b))[1:]"),
              "(4, b'abcd', 2, b'efcd', 0)");
    EXPECT_THAT(evaluate("f.readinto(b'constant')"), HasSubstr("Error"));
}

TEST_P(InputTest, SeeksAndTells) {
    open("abcdef");

    EXPECT_EQ(
        evaluate(
            "(f.seek(2), f.read(1), f.tell(), f.seek(-1, 1), f.read(1), f.seek(-1, 2), f.read())"),
        "(2, b'c', 3, 2, b'c', 5, b'f')");
    EXPECT_EQ(evaluate("(f.seek(100), f.read(), f.readline(), list(f), f.tell())"),
              "(100, b'', b'', [], 100)");
    EXPECT_THAT(evaluate("f.seek(-1)"), StartsWith("ValueError"));
    EXPECT_THAT(evaluate("f.seek(1 << 62, 1) and f.seek(1 << 62, 1)"), StartsWith("ValueError"));
    EXPECT_THAT(evaluate("f.seek(0, 3)"), StartsWith("ValueError"));
}

TEST_P(InputTest, LinesMaySpanWhatIsReadAtOnce) {
    const std::string line(200'000, 'x');
    open(line + "\nshort\n" + line);

    EXPECT_EQ(evaluate("[len(line) for line in f]"), "[200001, 6, 200000]");
    EXPECT_EQ(evaluate("(f.seek(10), len(f.readline(150000)), len(f.readline()))"),
              "(10, 150000, 49991)");
}

TEST_P(InputTest, LargeReadsAreExactFromAnyPosition) {
    std::string body;
    while (body.size() < 300'000) body += std::to_string(body.size()) + "\n";
    open(body);

    EXPECT_EQ(
        evaluate(
            "f.read(7) + f.read(100000) + f.readline() + f.read() == (f.seek(0), f.read())[1]"),
        "True");
    EXPECT_EQ(evaluate("len((f.seek(0), f.read())[1])"), std::to_string(body.size()));
}

TEST_P(InputTest, AnEmptyBodyIsAtItsEnd) {
    open("");

    EXPECT_EQ(evaluate("(f.read(), f.read(1), f.readline(), f.readlines(), list(f), f.tell())"),
              "(b'', b'', b'', [], [], 0)");
}

TEST_P(InputTest, CanBeWrappedByIo) {
    open("grüße\nzwei\n");

    EXPECT_EQ(evaluate("list(__import__('io').TextIOWrapper(f, 'utf-8'))"),
              "['grüße\\n', 'zwei\\n']");
    open("abc");
    EXPECT_EQ(evaluate("__import__('io').BufferedReader(f).read(2)"), "b'ab'");
}

TEST_P(InputTest, AfterTheRequestThereIsAnErrorInsteadOfFreedMemory) {
    open("one\ntwo");
    evaluate("f.read(1)");

    close_input(input_.get());
    body_.assign(body_.size(), '!');

    for (const char* use : {"f.read()", "f.readline()", "f.readlines()", "next(f)", "f.tell()",
                            "f.seek(0)", "f.readinto(bytearray(1))", "f.read1()"})
        EXPECT_THAT(evaluate(use), StartsWith("ValueError: wsgi.input is closed")) << use;
    EXPECT_EQ(evaluate("f.closed"), "True");
}

TEST_P(InputTest, ABufferThatClosesItGetsNothing) {
    open("abc");

    EXPECT_THAT(evaluate("f.read(type('N', (), {'__index__': lambda self: (f.close(), 2)[1]})())"),
                StartsWith("ValueError: wsgi.input is closed"));
}

TEST_P(InputTest, WrongArgumentsAreNamed) {
    open("abc");

    EXPECT_THAT(evaluate("f.read(1, 2)"), StartsWith("TypeError: read() takes at most 1 argument"));
    EXPECT_THAT(evaluate("f.read('1')"), StartsWith("TypeError"));
    EXPECT_THAT(evaluate("f.read(1 << 80)"), StartsWith("OverflowError"));
    EXPECT_THAT(evaluate("type(f)()"), StartsWith("TypeError: cannot create"));
}

using SpooledInputTest = InputTest;

TEST_P(SpooledInputTest, AFileShorterThanAnnouncedIsAnError) {
    input_ = make_input(as_type(type_), BodyReader(unnamed_file("abc"), 10));
    PyDict_SetItemString(globals_.get(), "f", input_.get());

    EXPECT_THAT(evaluate("f.read()"), StartsWith("OSError"));
    EXPECT_EQ(evaluate("f.tell()"), "0");
}

INSTANTIATE_TEST_SUITE_P(Input, SpooledInputTest, ::testing::Values(Place::File));

}  // namespace bundle
