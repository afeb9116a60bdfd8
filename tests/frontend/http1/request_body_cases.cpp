#include "tests/frontend/http1/request_cases.hpp"

namespace bundle::http1 {

namespace {

using std::string_view_literals::operator""sv;

// What follows the head of a chunked "POST /".
constexpr RequestRow kChunked[] = {
    {"0\r\n\r\n",                                                  "POST /"                      },
    {"3\r\nabc\r\n0\r\n\r\n",                                      "POST /(abc)"                 },
    {"3\r\nabc\r\n1\r\nd\r\n0\r\n\r\n",                            "POST /(abcd)"                },
    {"0003\r\nabc\r\n000\r\n\r\n",                                 "POST /(abc)"                 },
    {"a\r\n0123456789\r\nA\r\n0123456789\r\n0\r\n\r\n",            "POST /(01234567890123456789)"},
    {"3;a=b\r\nabc\r\n0;c\r\n\r\n",                                "POST /(abc)"                 },
    {"3;a=\"b;c\"\r\nabc\r\n0\r\n\r\n",                            "POST /(abc)"                 },
    {"2\r\n\r\n\r\n0\r\n\r\n",                                     "POST /(\r\n)"                },
    {"3\r\nabc\r\n0\r\n\r\nGET /b HTTP/1.1\r\nHost: a\r\n\r\n",    "POST /(abc) GET /b"          },
    {"3\r\nabc\r\n0\r\n",                                          "..."                         },
    {"3\r\nabc",                                                   "..."                         },
    {"3\r\na",                                                     "..."                         },
 // Sizes.
    {"\r\n",                                                       "400"                         },
    {"x\r\n",                                                      "400"                         },
    {"-1\r\n",                                                     "400"                         },
    {"+1\r\na\r\n",                                                "400"                         },
    {"0x1\r\na\r\n",                                               "400"                         },
    {" 1\r\na\r\n",                                                "400"                         },
    {"1 \r\na\r\n",                                                "400"                         },
    {"1\t\r\na\r\n",                                               "400"                         },
    {"1,\r\na\r\n",                                                "400"                         },
    {"3 3\r\nabc\r\n",                                             "400"                         },
    {"fffffffffffffff\r\na",                                       "..."                         },
    {"1000000000000000\r\na",                                      "400"                         },
    {"FFFFFFFFFFFFFFFF\r\na",                                      "400"                         },
    {"10000000000000000\r\na",                                     "400"                         },
    {";a\r\n",                                                     "400"                         },
 // Line ends.
    {"3\nabc\r\n",                                                 "400"                         },
    {"3\rabc\r\n",                                                 "400"                         },
    {"3\r\r\nabc\r\n",                                             "400"                         },
    {"3\r\nabc\n0\r\n\r\n",                                        "400"                         },
    {"3\r\nabc\r0\r\n\r\n",                                        "400"                         },
    {"3\r\nabcd\r\n",                                              "400"                         },
    {"3\r\nabcXX0\r\n\r\n",                                        "400"                         },
    {"3\r\nab\r\n0\r\n\r\n",                                       "400"                         },
    {"0\n\r\n",                                                    "400"                         },
    {"0\r\n\n",                                                    "400"                         },
    {"0\r\n\r\r\n",                                                "400"                         },
    {"0\r\n\rX",                                                   "..."                         },
    {"0\r\n\rX\r\n",                                               "400"                         },
    {"0\r\nX",                                                     "..."                         },
 // Extensions.
    {"3;a\rb\r\nabc\r\n",                                          "400"                         },
    {"3;a\nb\r\nabc\r\n",                                          "400"                         },
    {"3;a\0b\r\nabc\r\n"sv,                                        "400"                         },
    {"3;a=\"b\r\n\r\nabc\r\n",                                     "400"                         },
 // Trailers.
    {"0\r\nX: y\r\n\r\n",                                          "POST /"                      },
    {"0\r\nX: y\r\nZ:z\r\n\r\nGET /b HTTP/1.1\r\nHost: a\r\n\r\n", "POST / GET /b"               },
    {"0\r\nHost: b\r\nAuthorization: x\r\n\r\n",                   "POST /"                      },
    {"0\r\nX: y\n\r\n",                                            "400"                         },
    {"0\r\nX: y\r\n\n",                                            "400"                         },
    {"0\r\nX: y\r\n z\r\n\r\n",                                    "400"                         },
    {"0\r\n X: y\r\n\r\n",                                         "400"                         },
    {"0\r\n: y\r\n\r\n",                                           "400"                         },
    {"0\r\nX : y\r\n\r\n",                                         "400"                         },
    {"0\r\nX\r\n\r\n",                                             "400"                         },
    {"0\r\nX: \0\r\n\r\n"sv,                                       "400"                         },
    {"0\r\nX: y\rZ: z\r\n\r\n",                                    "400"                         },
    {"0\r\nGET /b HTTP/1.1\r\n\r\n",                               "400"                         },
};

// Whole connections.
constexpr RequestRow kConnections[] = {
    {"",                                                                                             ""                },
    {"\r\n",                                                                                         ""                },
    {"\r\n\r\n",                                                                                     ""                },
    {"\r",                                                                                           ""                },
    {"G",                                                                                            "..."             },
    {"\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",                                                        "GET /"           },
    {"\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",                                                    "GET /"           },
    {"\r\n\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",                                                "400"             },
    {"\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",                                                          "400"             },
    {"\rGET / HTTP/1.1\r\nHost: a\r\n\r\n",                                                          "400"             },
    {"\r\rGET / HTTP/1.1\r\nHost: a\r\n\r\n",                                                        "400"             },
    {"\r\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",                                                      "400"             },
    {"GET / HTTP/1.1\nHost: a\r\n\r\n",                                                              "400"             },
    {"GET / HTTP/1.1\n\n",                                                                           "400"             },
    {"GET / HTTP/1.1\r\nHost: a\r\n\n",                                                              "400"             },
    {"GET / HTTP/1.1\r\nHost: a\n\r\n",                                                              "400"             },
    {"GET /\r\n",                                                                                    "400"             },
    {"GET /\r\nContent-Length: 5\r\n\r\nabcde",                                                      "400"             },
    {"GET / HTTP/1.1\r\n\r\n",                                                                       "400"             },
    {"GET / HTTP/1.0\r\n\r\n",                                                                       "GET /"           },
    {"GET http://b/c HTTP/1.0\r\n\r\n",                                                              "GET /c"          },
    {"GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",                                "400"             },
    {"GET / HTTP/1.0\r\nExpect: x\r\n\r\n",                                                          "GET /"           },
    {"GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n",                                                 "400"             },
    {"\x16\x03\x01\x02",                                                                             "400"             },
    {"\x80",                                                                                         "400"             },
    {"\0"sv,                                                                                         "400"             },
    {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",                                                             "505"             },
    {"GET / HTTP/1.1\r\nHost: a\r\n\r\nGET /b HTTP/1.1\r\nHost: a\r\n\r\n",                          "GET / GET /b"    },
    {"GET / HTTP/1.1\r\nHost: a\r\n\r\n\r\nGET /b HTTP/1.1\r\nHost: a\r\n\r\n",                      "GET / GET /b"    },
    {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabcGET /b HTTP/1.1\r\nHost: a\r\n\r\n",
     "POST /(abc) GET /b"                                                                                              },
    {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nab",                                    "..."             },
    {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 03\t\r\n\r\nabc",                                "400"             },
    {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:   CHUNKED\r\n\r\n1\r\na\r\n0\r\n\r\n",
     "POST /(a)"                                                                                                       },
    {"POST / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: x\r\nContent-Length: 1\r\n\r\n"
     "aGET /b HTTP/1.1\r\nHost: a\r\n\r\n",                                                     "POST /(a) GET /b"},
    {"POST / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: x\r\n"
     "Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\nGET /b HTTP/1.1\r\nHost: a\r\n\r\n", "POST /(a) GET /b"},
    {"POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 1\r\n\r\naGET ",
     "POST /(a) ..."                                                                                                   },
    {"GET / HTTP/1.1\r\nHost: a\r\n\r\nGET /\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
     "GET / 400"                                                                                                       },
    {"GET / HTTP/1.1\r\nHost: a\r\nGET /b HTTP/1.1\r\nHost: a\r\n\r\n",                              "400"             },
};

}  // namespace

void append_chunked_cases(std::vector<RequestCase>& cases) {
    append_cases(cases, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
                 kChunked, "");
}

void append_connection_cases(std::vector<RequestCase>& cases) {
    append_cases(cases, "", kConnections, "");
}

}  // namespace bundle::http1
