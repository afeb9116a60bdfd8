#include "frontend/compression/content_coding.hpp"

#include <gtest/gtest.h>

#include <string>

namespace bundle {

std::string order_of(std::string_view accept_encoding) {
    std::string order;
    for (const Coding coding : AcceptedCodings(accept_encoding))
        order.append(order.empty() ? "" : " ").append(coding_name(coding));
    return order;
}

TEST(AcceptedCodings, StandInTheOrderOfTheirWeights) {
    const struct {
        const char* accept_encoding;
        const char* order;
    } table[] = {
        {"",                               ""            },
        {"gzip",                           "gzip"        },
        {"GZip",                           "gzip"        },
        {"x-gzip",                         "gzip"        },
        {"gzip, deflate, br, zstd",        "br zstd gzip"},
        {"gzip;q=1.0, br;q=0.5",           "gzip br"     },
        {"gzip ; q=0.5 , br ; q=0.4",      "gzip br"     },
        {"zstd;q=0.9, gzip;q=0.9",         "zstd gzip"   },
        {"gzip;q=0",                       ""            },
        {"gzip;q=0.000",                   ""            },
        {"gzip;q=0.001",                   "gzip"        },
        {"*",                              "br zstd gzip"},
        {"*;q=0",                          ""            },
        {"gzip, *;q=0",                    "gzip"        },
        {"*, gzip;q=0",                    "br zstd"     },
        {"identity",                       ""            },
        {"identity, gzip",                 "gzip"        },
        {"identity;q=1, gzip;q=0.5",       ""            },
        {"identity;q=0.5, gzip;q=0.5, br", "br gzip"     },
        {"identity;q=0, gzip;q=0.1",       "gzip"        },
        {"deflate",                        ""            },
        {"gzipped, brotli",                ""            },
        {"gzip;level=9;q=0.3, br;q=0.2",   "gzip br"     },
        {"gzip;q=nonsense",                "gzip"        },
        {", ,gzip,,",                      "gzip"        },
        {";q=1",                           ""            },
    };
    for (const auto& row : table)
        EXPECT_EQ(order_of(row.accept_encoding), row.order) << row.accept_encoding;
}

TEST(AcceptedCodings, AreNoneWhereTheClientSaysNothing) {
    EXPECT_TRUE(AcceptedCodings::of({}).empty());
    EXPECT_TRUE(AcceptedCodings::of({
                                        {"accept-encoding", "br"}
    })
                    .has(Coding::Brotli));
    EXPECT_FALSE(AcceptedCodings::of({
                                         {"accept-encoding", "br"}
    })
                     .has(Coding::Gzip));
}

TEST(AcceptedCodings, TheBestOfOursIsWhatTheClientLikesMostAndThenWhatStandsInFront) {
    const struct {
        const char* accept_encoding;
        std::vector<std::string> ours;
        std::optional<Coding> best;
    } table[] = {
        {"gzip, br",             {"gzip", "br"}, Coding::Gzip},
        {"gzip, br;q=0.9",       {"br", "gzip"}, Coding::Gzip},
        {"gzip;q=0.3, *;q=0",    {"br", "gzip"}, Coding::Gzip},
        {"gzip",                 {"br"},         std::nullopt},
        {"gzip",                 {},             std::nullopt},
        {"",                     {"gzip"},       std::nullopt},
        {"identity, gzip;q=0.5", {"gzip"},       std::nullopt},
    };
    for (const auto& row : table)
        EXPECT_EQ(AcceptedCodings(row.accept_encoding).best_of(row.ours), row.best)
            << row.accept_encoding;
    for (const Coding coding : {Coding::Brotli, Coding::Zstd})
        EXPECT_EQ(AcceptedCodings(std::string(coding_name(coding)) + ";q=1, gzip;q=0.5")
                      .best_of({"gzip", "br", "zstd"}),
                  is_built_in(coding) ? coding : Coding::Gzip);
}

}  // namespace bundle
