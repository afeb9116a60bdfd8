#include "frontend/request/hop_by_hop.hpp"

#include <gtest/gtest.h>

namespace bundle {

TEST(HopByHop, KnowsTheFieldsOfOneConnection) {
    for (const char* name :
         {"connection", "Keep-Alive", "proxy-connection", "proxy-authenticate",
          "proxy-authorization", "TE", "trailer", "Transfer-Encoding", "upgrade", "http2-settings"})
        EXPECT_TRUE(is_hop_by_hop(name)) << name;
    for (const char* name : {"", "host", "te2", "trailers", "content-length", "content-encoding",
                             "authorization", "cookie", "proxy", "upgrade-insecure-requests"})
        EXPECT_FALSE(is_hop_by_hop(name)) << name;
}

TEST(ConnectionOptions, AreThoseOfAllConnectionFields) {
    const Headers fields = {
        {"connection", "close, X-One"},
        {"a",          "X-Four"      },
        {"Connection", ",x-two ,"    }
    };
    const ConnectionOptions options(fields);

    EXPECT_TRUE(options.name_fields());
    EXPECT_TRUE(options.contain("x-one"));
    EXPECT_TRUE(options.contain("X-Two"));
    EXPECT_FALSE(options.contain("x-four"));
    EXPECT_FALSE(options.contain("x"));
}

TEST(ConnectionOptions, OfMostClientsNameNoField) {
    for (const char* value : {"close", "Keep-Alive"}) {
        const Headers fields = {
            {"connection", value}
        };
        EXPECT_FALSE(ConnectionOptions(fields).name_fields()) << value;
    }
    EXPECT_FALSE(ConnectionOptions(Headers{}).name_fields());
}

}  // namespace bundle
