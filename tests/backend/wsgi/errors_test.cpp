#include "backend/wsgi/errors.hpp"

#include <gmock/gmock.h>

#include "tests/backend/wsgi/wsgi_fixture.hpp"

namespace bundle {

using ::testing::HasSubstr;
using ::testing::Not;

class ErrorsTest : public WsgiTest {
  protected:
    // The application calls `code` with wsgi.errors as `errors`.
    std::string log_of(const std::string& code) {
        const ReceivedAnswer answer = serve(
            "kept = None\ndef app(environ, start_response):\n"
            "    global kept\n"
            "    errors = kept = environ['wsgi.errors']\n    " +
            code + "\n    respond(start_response)\n    return []\n");
        EXPECT_EQ(answer.status, 200) << log();
        return log();
    }
};

TEST_F(ErrorsTest, WholeLinesAreRecordsWithTheRequestId) {
    const std::string logged = log_of("errors.write('one\\ntwo\\n')");

    EXPECT_THAT(logged, HasSubstr(" error test["));
    EXPECT_THAT(logged, HasSubstr("wsgi.errors request_id=id-1 one\n"));
    EXPECT_THAT(logged, HasSubstr("wsgi.errors request_id=id-1 two\n"));
}

TEST_F(ErrorsTest, ALineInPiecesIsOneRecord) {
    EXPECT_THAT(log_of("print('a', 'b', 3, file=errors)"), HasSubstr("id-1 a b 3\n"));
    EXPECT_THAT(log_of("errors.writelines(['x', 'y', '\\n', 'z'])"), HasSubstr("id-1 xy\n"));
}

TEST_F(ErrorsTest, APartialLineIsLoggedWithTheEndOfTheRequest) {
    EXPECT_THAT(log_of("errors.write('no end')"), HasSubstr("id-1 no end\n"));
}

TEST_F(ErrorsTest, FlushLogsAPartialLine) {
    EXPECT_THAT(log_of("errors.write('a'); errors.flush(); errors.write('b')"),
                HasSubstr("id-1 a\n"));
    EXPECT_THAT(log(), HasSubstr("id-1 b\n"));
}

TEST_F(ErrorsTest, ControlCharactersAreShownAndLettersStay) {
    const std::string logged = log_of("errors.write('grün \\x1b[31m \\r \\x9b \\udcff\\n')");

    EXPECT_THAT(logged, HasSubstr("grün \\x1b[31m \\x0d \\xc2\\x9b"));
    EXPECT_THAT(logged, Not(HasSubstr("\x1b")));
    EXPECT_THAT(logged, HasSubstr("\\udcff"));
}

TEST_F(ErrorsTest, CanBeUsedAfterTheRequest) {
    log_of("pass");

    execute("kept.write('later\\n'); kept.write('partial'); kept.flush()");

    EXPECT_THAT(log(), HasSubstr("id-1 later\n"));
    EXPECT_THAT(log(), HasSubstr("id-1 partial\n"));
}

TEST_F(ErrorsTest, ALineWithoutEndDoesNotGrowForEver) {
    log_of("[errors.write('x' * 1000) for _ in range(100)]");

    std::size_t longest = 0;
    const std::string logged = log();
    for (std::size_t at = 0, end = 0; (end = logged.find('\n', at)) != std::string::npos;
         at = end + 1)
        longest = std::max(longest, end - at);
    EXPECT_LT(longest, 20'000U);
}

TEST_F(ErrorsTest, OnlyTextCanBeWritten) {
    serve("def app(environ, start_response): environ['wsgi.errors'].write(b'bytes')");

    EXPECT_THAT(log(), HasSubstr("TypeError: wsgi.errors takes str, not bytes"));
}

}  // namespace bundle
