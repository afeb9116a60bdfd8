#include "frontend/answer/internal_redirect.hpp"

#include <gtest/gtest.h>

namespace bundle {

namespace {

InternalRedirect noted(const Headers& fields) {
    InternalRedirect redirect;
    redirect.note(ServerFields::in(fields), fields);
    return redirect;
}

std::string told(std::span<const HeaderField> fields) {
    std::string text;
    for (const HeaderField& field : fields)
        text.append(field.name).append(": ").append(field.value).append("\n");
    return text;
}

}  // namespace

TEST(InternalRedirect, ARouteComesBeforeAFile) {
    EXPECT_EQ(noted({
                        {"X-Sendfile",       "/srv/a"},
                        {"X-Accel-Redirect", "/a"    }
    })
                  .target,
              "/a");
    EXPECT_EQ(noted({
                        {"X-Sendfile", "/srv/a"}
    })
                  .to,
              InternalRedirect::To::File);
}

TEST(InternalRedirect, FieldsAreKeptThatDoNotDescribeTheBody) {
    const InternalRedirect redirect = noted({
        {"X-Accel-Redirect",    "/a"        },
        {"Content-Type",        "text/plain"},
        {"Content-Length",      "5"         },
        {"ETag",                "\"x\""     },
        {"Content-Disposition", "attachment"},
        {"X-Accel-Charset",     "utf-8"     },
        {"Set-Cookie",          "a=1"       },
    });

    EXPECT_EQ(told(redirect.kept->fields()),
              "Content-Type: text/plain\nContent-Disposition: attachment\nSet-Cookie: a=1\n");
    EXPECT_EQ(told(noted({
                             {"X-Accel-Redirect", "/a"},
                             {"Content-Type",     ""  }
    })
                       .kept->fields()),
              "");
}

TEST(InternalRedirect, OfTwoFieldsOfANameTheSecondStaysExceptCookies) {
    EXPECT_EQ(told(merged_fields(
                  {
                      {"Vary",          "Cookie" },
                      {"cache-control", "private"},
                      {"Set-Cookie",    "a=1"    }
    },
                  Headers{{"Cache-Control", "public"}, {"Set-Cookie", "b=2"}})),
              "Vary: Cookie\nSet-Cookie: a=1\nCache-Control: public\nSet-Cookie: b=2\n");
}

TEST(InternalRedirect, AFileTakesTheKeptFieldsButA304NoneOfABody) {
    const auto kept = noted({
                                {"X-Sendfile",          "/a"        },
                                {"Content-Type",        "text/plain"},
                                {"Content-Disposition", "attachment"},
                                {"Cache-Control",       "private"   },
    })
                          .kept;
    const Headers of_file = {
        {"ETag",         "\"f\""},
        {"Content-Type", "a/b"  }
    };
    Answer answer{.status = 200, .fields = of_file, .bytes = "x", .file = {}, .owner = {}};

    EXPECT_EQ(told(with_kept_fields(answer, kept).fields),
              "ETag: \"f\"\nContent-Type: text/plain\nContent-Disposition: attachment\n"
              "Cache-Control: private\n");
    answer.status = 304;
    answer.fields = std::span(of_file).first(1);
    EXPECT_EQ(told(with_kept_fields(answer, kept).fields), "ETag: \"f\"\nCache-Control: private\n");
}

TEST(InternalRedirect, TheNextApplicationGetsAGetWithoutABody) {
    RequestHead from;
    from.method = "POST";
    from.path = "/old";
    from.host = "a.example";
    from.content_length = 5;
    from.fields = {
        {"host",           "a.example" },
        {"content-length", "5"         },
        {"content-type",   "text/plain"},
        {"cookie",         "a=1"       }
    };
    InternalRedirect redirect = noted({
        {"X-Accel-Redirect", "/a b/./c%20d?x=%31&y"}
    });

    ASSERT_TRUE(redirect.lead_to_route(from, 8_KiB));

    EXPECT_EQ(redirect.head.method, "GET");
    EXPECT_EQ(redirect.head.path, "/a b/c d");
    EXPECT_EQ(redirect.head.query, "x=%31&y");
    EXPECT_EQ(redirect.head.target, "/a%20b/c%20d?x=%31&y");
    EXPECT_EQ(told(redirect.head.fields), "host: a.example\ncookie: a=1\n");
    EXPECT_FALSE(redirect.head.has_body());
}

TEST(InternalRedirect, NothingThatClimbsIsFollowed) {
    for (const char* target : {"/protected/../files/a", "/protected/%2e%2e/files/a", "/a/..%2Fb",
                               "/a/%2e.", "/..", "/a/..?x"}) {
        InternalRedirect redirect = noted({
            {"X-Accel-Redirect", target}
        });
        EXPECT_FALSE(redirect.lead_to_route({}, 8_KiB)) << target;
    }
    InternalRedirect dots = noted({
        {"X-Accel-Redirect", "/a/..b/...?../"}
    });
    EXPECT_TRUE(dots.lead_to_route({}, 8_KiB));
}

TEST(InternalRedirect, AHeadStaysOneAndWhatIsNoPathLeadsNowhere) {
    RequestHead from;
    from.method = "HEAD";
    InternalRedirect redirect = noted({
        {"X-Accel-Redirect", "/a"}
    });
    ASSERT_TRUE(redirect.lead_to_route(from, 8_KiB));
    EXPECT_EQ(redirect.head.method, "HEAD");

    // Each space is "%20" of a target; those at its end would be none of the value.
    const std::string too_long = "/" + std::string(3 << 10, ' ') + "a";
    for (const char* target : {"a", "@a", "/%", "/%00", "/../a", "http://a/", too_long.c_str()})
        EXPECT_FALSE(noted({
                               {"X-Accel-Redirect", target}
        })
                         .lead_to_route(from, 8_KiB))
            << target;
}

}  // namespace bundle
