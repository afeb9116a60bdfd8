#include "frontend/http2/head_reader.hpp"

#include <gtest/gtest.h>

#include <utility>

namespace bundle::http2 {

namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

const Fields kRequest = {
    {":method",    "GET"         },
    {":scheme",    "https"       },
    {":authority", "shop.example"},
    {":path",      "/a%20b?c=d"  }
};
constexpr http1::HeadLimits kLimits = {{256}, 8, {256}, {1024}};

Fields request_with(const Fields& more) {
    Fields all = kRequest;
    all.insert(all.end(), more.begin(), more.end());
    return all;
}

struct Outcome {
    RequestHead head;
    std::optional<Refusal> refusal;
    bool given_up = false;
};

std::unique_ptr<Outcome> read(const Fields& fields, bool body_follows = false) {
    auto outcome = std::make_unique<Outcome>();
    HeadReader reader;
    reader.begin(outcome->head, kLimits);
    for (const auto& [name, value] : fields) outcome->given_up |= !reader.add(name, value);
    outcome->refusal = reader.finish(body_follows);
    return outcome;
}

std::uint16_t refused_with(const Fields& fields) {
    const auto outcome = read(fields);
    return outcome->refusal ? outcome->refusal->status : 0;
}

}  // namespace

TEST(Http2HeadReader, ARequestIsTheSameAsOfHttp1) {
    const auto read_head = read(request_with({
        {"accept", "text/html"}
    }));
    const RequestHead& head = read_head->head;

    EXPECT_FALSE(read_head->refusal);
    EXPECT_EQ(head.version, HttpVersion::Http2);
    EXPECT_EQ(head.method, "GET");
    EXPECT_EQ(head.target, "/a%20b?c=d");
    EXPECT_EQ(head.path, "/a b");
    EXPECT_EQ(head.query, "c=d");
    EXPECT_EQ(head.host, "shop.example");
    EXPECT_EQ(head.fields, (Headers{
                               {"host",   "shop.example"},
                               {"accept", "text/html"   }
    }));
    EXPECT_FALSE(head.has_body());
}

TEST(Http2HeadReader, ABodyWithoutALengthIsABody) {
    EXPECT_TRUE(read(kRequest, true)->head.has_body());
    EXPECT_TRUE(read(request_with({
                         {"content-length", "3"}
    }),
                     true)
                    ->head.has_body());
    EXPECT_FALSE(read(request_with({
                          {"content-length", "0"}
    }),
                      true)
                     ->head.has_body());
}

TEST(Http2HeadReader, ALengthWithoutABodyIsRefused) {
    EXPECT_EQ(refused_with(request_with({
                  {"content-length", "3"}
    })),
              400);
}

TEST(Http2HeadReader, CrumbsOfACookieAreOneField) {
    const auto outcome = read(request_with({
        {"cookie", "a=1"},
        {"x",      "y"  },
        {"cookie", "b=2"}
    }));

    EXPECT_EQ(find_field(outcome->head.fields, "cookie")->value, "a=1; b=2");
}

TEST(Http2HeadReader, RawBytesOfATargetAreEncoded) {
    Fields fields = kRequest;
    fields[3].second = "/\xc3\xa4?\xff";
    const auto outcome = read(fields);

    EXPECT_FALSE(outcome->refusal);
    EXPECT_EQ(outcome->head.target, "/%C3%A4?%FF");
    EXPECT_EQ(outcome->head.query, "%FF");
    EXPECT_EQ(outcome->head.fields.front().value, "shop.example");
}

TEST(Http2HeadReader, HostIsTheAuthority) {
    EXPECT_EQ(refused_with(request_with({
                  {"host", "SHOP.example"}
    })),
              0);
    EXPECT_EQ(refused_with(request_with({
                  {"host", "other.example"}
    })),
              400);
    EXPECT_EQ(refused_with({
                  {":method", "GET" },
                  {":scheme", "http"},
                  {":path",   "/"   }
    }),
              400);
}

TEST(Http2HeadReader, LimitsAreThoseOfHttp1) {
    Fields long_path = kRequest;
    long_path[3].second = "/" + std::string(250, 'p');
    EXPECT_EQ(refused_with(long_path), 414);
    EXPECT_EQ(refused_with(request_with({
                  {"x", std::string(256, 'v')}
    })),
              431);
    EXPECT_EQ(refused_with(request_with(Fields(9, {"x", "y"}))), 431);
    EXPECT_EQ(refused_with(request_with(Fields(5, {"x", std::string(200, 'v')}))), 431);
    EXPECT_EQ(refused_with(request_with({
                  {"cookie", std::string(200, 'v')},
                  {"cookie", std::string(200, 'v')}
    })),
              431);
}

TEST(Http2HeadReader, WhatIsFarBeyondTheLimitIsGivenUp) {
    EXPECT_FALSE(read(request_with(Fields(15, {"x", std::string(200, 'v')})))->given_up);
    EXPECT_TRUE(read(request_with(Fields(18, {"x", std::string(200, 'v')})))->given_up);
}

}  // namespace bundle::http2
