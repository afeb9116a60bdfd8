#include "frontend/answer/server_fields.hpp"

#include <gtest/gtest.h>

namespace bundle {

TEST(ServerFields, AreKnownByTheirNamesInWhateverCase) {
    for (const char* name : {"X-Accel-Redirect", "x-accel-buffering", "X-ACCEL-LIMIT-RATE",
                             "X-Accel-Anything", "X-Sendfile", "X-SendFile"})
        EXPECT_TRUE(is_for_server(name)) << name;
    for (const char* name :
         {"", "X", "X-Accel", "X-Acceleration", "X-Sendfile-Type", "XX-Accel-Redirect",
          "Accel-Redirect", "X-Request-ID", "Content-Length"})
        EXPECT_FALSE(is_for_server(name)) << name;
}

TEST(ServerFields, TheFirstOfEachNameCountsAndAnEmptyOneIsNone) {
    const ServerFields found = ServerFields::in({
        {"X-Accel-Redirect", ""      },
        {"X-Accel-Redirect", " /a "  },
        {"X-Accel-Redirect", "/b"    },
        {"X-Sendfile",       "/srv/a"},
    });

    EXPECT_EQ(found.route, "/a");
    EXPECT_EQ(found.file, "/srv/a");
    EXPECT_TRUE(found.redirect());
    EXPECT_FALSE(ServerFields::in({
                                      {"X-Accel-Buffering", "no"},
                                      {"X-Sendfile",        ""  }
    })
                     .redirect());
}

TEST(ServerFields, BufferingIsWishedForByYesAndNo) {
    const auto wish = [](std::string_view value) {
        return ServerFields::in({
                                    {"X-Accel-Buffering", value}
        })
            .buffering;
    };

    EXPECT_EQ(wish("no"), BufferingWish::Off);
    EXPECT_EQ(wish("No"), BufferingWish::Off);
    EXPECT_EQ(wish("yes"), BufferingWish::On);
    EXPECT_EQ(wish(""), BufferingWish::None);
    EXPECT_EQ(wish("off"), BufferingWish::None);
}

}  // namespace bundle
