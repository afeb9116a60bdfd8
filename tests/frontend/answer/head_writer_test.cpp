#include "frontend/answer/head_writer.hpp"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace bundle {

namespace {

std::string head_of(HttpVersion version) {
    std::string bytes;
    HeadWriter writer(bytes, version);
    writer.status(200, "");
    writer.field("Content-Type", "text/plain");
    writer.field("X-Empty", "");
    writer.end();
    return bytes;
}

}  // namespace

TEST(HeadWriter, WritesTheTextOfHttp1) {
    EXPECT_EQ(head_of(HttpVersion::Http11),
              "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nX-Empty: \r\n\r\n");
}

TEST(HeadWriter, PacksTheFieldsOfHttp2) {
    using Fields = std::vector<std::pair<std::string, std::string>>;
    Fields fields;
    for_each_packed_field(
        head_of(HttpVersion::Http2),
        [&](std::string_view name, std::string_view value) { fields.emplace_back(name, value); });

    EXPECT_EQ(fields, (Fields{
                          {":status",      "200"       },
                          {"Content-Type", "text/plain"},
                          {"X-Empty",      ""          }
    }));
}

}  // namespace bundle
