#include "frontend/route/error_page.hpp"

#include <gmock/gmock.h>

#include <string>

namespace bundle {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

std::string value_of(const Answer& answer, std::string_view name) {
    for (const HeaderField& field : answer.fields)
        if (equals_ignoring_case(field.name, name)) return std::string(field.value);
    return "(none)";
}

TEST(ErrorPage, APersonIsToldInOneSentenceWithStatusAndRequestId) {
    const Answer page =
        error_page(404, {.request_id = "01JD4F9Y7QK3V8W2M5T6X9ZB0C", .accept = "text/html"});

    EXPECT_EQ(page.status, 404);
    EXPECT_EQ(value_of(page, "Content-Type"), "text/html; charset=utf-8");
    EXPECT_EQ(value_of(page, "Content-Length"), std::to_string(page.bytes.size()));
    EXPECT_EQ(value_of(page, "Cache-Control"), "no-store");
    EXPECT_THAT(std::string(page.bytes),
                AllOf(HasSubstr("<h1>Page not found</h1>"),
                      HasSubstr("There is nothing at this address"), HasSubstr("Status 404"),
                      HasSubstr("<code>01JD4F9Y7QK3V8W2M5T6X9ZB0C</code>"), Not(HasSubstr("{{"))));
}

TEST(ErrorPage, WithoutARequestIdNoneIsShown) {
    EXPECT_THAT(std::string(error_page(400, {}).bytes), Not(HasSubstr("Request <code>")));
}

TEST(ErrorPage, AProgramGetsJson) {
    const Answer page = error_page(503, {.request_id = "id", .accept = "application/json"});

    EXPECT_EQ(value_of(page, "Content-Type"), "application/json");
    EXPECT_EQ(page.bytes,
              "{\"status\": 503, \"title\": \"Very busy\", \"detail\": \"The site has more to do "
              "than it can manage "
              "right now. Try again in a moment.\", \"request_id\": \"id\"}\n");
}

TEST(ErrorPage, WhoTakesNoHtmlGetsPlainText) {
    const Answer page = error_page(403, {.request_id = "id", .accept = "image/*"});

    EXPECT_EQ(value_of(page, "Content-Type"), "text/plain; charset=utf-8");
    EXPECT_EQ(
        page.bytes,
        "403 Not allowed\nYou may not see this page. If you think you should, ask whoever runs the "
        "site.\nRequest id\n");
}

TEST(ErrorPage, ARequestIdFromOutsideIsEscaped) {
    const std::string_view id = "<script>\"'&\n\xff";

    EXPECT_THAT(std::string(error_page(500, {.request_id = id}).bytes),
                HasSubstr("&#60;script&#62;&#34;&#39;&#38;"));
    EXPECT_THAT(
        std::string(error_page(500, {.request_id = id, .accept = "application/json"}).bytes),
        HasSubstr(R"("<script>\u0022'&\u000a\u00ff")"));
}

TEST(ErrorPage, AStatusWithoutWordsOfItsOwnGetsThoseOfItsClass) {
    EXPECT_THAT(std::string(error_page(418, {}).bytes),
                AllOf(HasSubstr("Request refused"), HasSubstr("Status 418")));
    EXPECT_THAT(std::string(error_page(599, {}).bytes),
                AllOf(HasSubstr("Something went wrong"), HasSubstr("Status 599")));
}

TEST(ErrorPage, TheFieldsThatAStatusDemandsAreCopied) {
    Answer page;
    {
        const std::string value = "GET, HEAD, and a value too long to stand in place";
        const Headers more = {
            {"Allow",       value},
            {"Retry-After", "5"  }
        };
        page = error_page(405, {.more_fields = more});
    }

    EXPECT_EQ(value_of(page, "Allow"), "GET, HEAD, and a value too long to stand in place");
    EXPECT_EQ(value_of(page, "Retry-After"), "5");
}

}  // namespace bundle
