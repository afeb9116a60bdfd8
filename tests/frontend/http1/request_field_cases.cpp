#include "tests/frontend/http1/request_cases.hpp"

namespace bundle::http1 {

namespace {

using std::string_view_literals::operator""sv;

// Fields after "GET /a HTTP/1.1" and "Host: a", each with its line end.
constexpr RequestRow kFields[] = {
    {"",                                                              "GET /a"},
    {"X: y\r\n",                                                      "GET /a"},
    {"X:y\r\nY:\r\nZ: \r\n",                                          "GET /a"},
    {"X: \t y \t \r\n",                                               "GET /a"},
    {"X: caf\xc3\xa9 \xff\r\n",                                       "GET /a"},
    {"!#$%&'*+-.^_`|~09azAZ: y\r\n",                                  "GET /a"},
    {"X: \"a, b\" (c) ; = \\\r\n",                                    "GET /a"},
    {"Cookie: a=1\r\nCookie: b=2\r\n",                                "GET /a"},
 // Line ends.
    {"X: y\n",                                                        "400"   },
    {"X: y\r\r\n",                                                    "400"   },
    {"X: y\rZ: z\r\n",                                                "400"   },
    {"X:\rTransfer-Encoding: chunked\r\n",                            "400"   },
    {"X: y\n\r\n",                                                    "400"   },
    {"\n",                                                            "400"   },
    {"\r\r\n",                                                        "400"   },
    {"X: y\r\n\rX\r\n",                                               "400"   },
    {"X: y\nZ: z\r\n",                                                "400"   },
 // Folded lines.
    {"X: b\r\n c\r\n",                                                "400"   },
    {"X: b\r\n\tc\r\n",                                               "400"   },
    {"X: b\r\n \r\n",                                                 "400"   },
    {" X: b\r\n",                                                     "400"   },
    {"X: y\r\n Content-Length: 3\r\n",                                "400"   },
    {"Content-Length:\r\n 3\r\n",                                     "400"   },
    {"Transfer-Encoding:\r\n chunked\r\n",                            "400"   },
    {"Connection: a\r\n b\r\n",                                       "400"   },
 // Names.
    {": b\r\n",                                                       "400"   },
    {":\r\n",                                                         "400"   },
    {"X\r\n",                                                         "400"   },
    {"X : b\r\n",                                                     "400"   },
    {"X\t: b\r\n",                                                    "400"   },
    {"X Y: b\r\n",                                                    "400"   },
    {"X(: b\r\n",                                                     "400"   },
    {"X\0: b\r\n"sv,                                                  "400"   },
    {"X\x80: b\r\n",                                                  "400"   },
    {"\"X\": b\r\n",                                                  "400"   },
    {"X/Y: b\r\n",                                                    "400"   },
    {"X\x7f: b\r\n",                                                  "400"   },
 // Values.
    {"X: a\0b\r\n"sv,                                                 "400"   },
    {"X: a\x01"
     "b\r\n",                                                    "400"   },
    {"X: a\x7f"
     "b\r\n",                                                    "400"   },
    {"X: a\x0c"
     "b\r\n",                                                    "400"   },
 // Host.
    {"Host: a\r\n",                                                   "400"   },
    {"Host: b\r\n",                                                   "400"   },
    {"HOST: a\r\n",                                                   "400"   },
    {"Host:\r\n",                                                     "400"   },
 // Fields that come once.
    {"Content-Type: a/b\r\nContent-Type: a/b\r\n",                    "400"   },
    {"Authorization: a\r\nAuthorization: b\r\n",                      "400"   },
    {"Range: bytes=0-1\r\nRange: bytes=2-3\r\n",                      "400"   },
    {"If-Modified-Since: a\r\nIf-Modified-Since: b\r\n",              "400"   },
    {"If-None-Match: \"a\"\r\nIf-None-Match: \"b\"\r\n",              "GET /a"},
    {"Accept: a\r\nAccept: b\r\n",                                    "GET /a"},
 // Content-Length.
    {"Content-Length: 0\r\n",                                         "GET /a"},
    {"Content-Length: 000\r\n",                                       "GET /a"},
    {"Content-Length: \r\n",                                          "400"   },
    {"Content-Length: +0\r\n",                                        "400"   },
    {"Content-Length: -0\r\n",                                        "400"   },
    {"Content-Length: 0x0\r\n",                                       "400"   },
    {"Content-Length: 0 0\r\n",                                       "400"   },
    {"Content-Length: 0,0\r\n",                                       "400"   },
    {"Content-Length: 0, 0\r\n",                                      "400"   },
    {"Content-Length: a\r\n",                                         "400"   },
    {"Content-Length: 1e0\r\n",                                       "400"   },
    {"Content-Length: 0\r\nContent-Length: 0\r\n",                    "400"   },
    {"Content-Length: 0\r\ncontent-length: 1\r\n",                    "400"   },
    {"Content-Length: 999999999999999999\r\n",                        "..."   },
    {"Content-Length: 1000000000000000000\r\n",                       "400"   },
    {"Content-Length: 18446744073709551615\r\n",                      "400"   },
    {"Content-Length: 18446744073709551616\r\n",                      "400"   },
    {"Content-Length: 00000000000000000000000000\r\n",                "400"   },
 // Transfer-Encoding.
    {"Transfer-Encoding:\r\n",                                        "400"   },
    {"Transfer-Encoding: ,\r\n",                                      "400"   },
    {"Transfer-Encoding: , chunked\r\n",                              "400"   },
    {"Transfer-Encoding: chunked,\r\n",                               "400"   },
    {"Transfer-Encoding: chunked, chunked\r\n",                       "400"   },
    {"Transfer-Encoding: \"chunked\"\r\n",                            "400"   },
    {"Transfer-Encoding: chunked;a=b\r\n",                            "400"   },
    {"Transfer-Encoding: gzip, chunked\r\n",                          "501"   },
    {"Transfer-Encoding: gzip\r\n",                                   "501"   },
    {"Transfer-Encoding: identity\r\n",                               "501"   },
    {"Transfer-Encoding: identity, chunked\r\n",                      "501"   },
    {"Transfer-Encoding: xchunked\r\n",                               "501"   },
    {"Transfer-Encoding: chunkedx\r\n",                               "501"   },
    {"Transfer-Encoding: chunked, gzip\r\n",                          "400"   },
    {"Transfer-Encoding: xx\r\nTransfer-Encoding: chunked\r\n",       "501"   },
    {"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",  "400"   },
    {"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", "400"   },
    {"Transfer-Encoding: chunked\r\nContent-Length: 0\r\n",           "400"   },
    {"Content-Length: 0\r\nTransfer-Encoding: chunked\r\n",           "400"   },
    {"Transfer-Encoding:\r\nContent-Length: 0\r\n",                   "400"   },
    {"Transfer-Encoding\x0b: chunked\r\n",                            "400"   },
    {"Transfer-Encoding: \x0b"
     "chunked\r\n",                                              "400"   },
    {"Content_Length: 5\r\n",                                         "GET /a"},
    {"Transfer_Encoding: chunked\r\n",                                "GET /a"},
 // Expect, Connection, Upgrade.
    {"Expect: 100-continue\r\n",                                      "GET /a"},
    {"Expect: 100-Continue\r\n",                                      "GET /a"},
    {"Expect: 200-ok\r\n",                                            "417"   },
    {"Expect:\r\n",                                                   "417"   },
    {"Expect: 100-continue, x\r\n",                                   "417"   },
    {"Expect: 100-continue\r\nExpect: 100-continue\r\n",              "400"   },
    {"Connection: close, x\r\nConnection: y\r\n",                     "GET /a"},
    {"Connection: Upgrade\r\nUpgrade: websocket\r\n",                 "GET /a"},
    {"Connection: Upgrade\r\nUpgrade: h2c\r\nHTTP2-Settings: a\r\n",  "GET /a"},
};

// A value of Host, in HTTP/1.1 and with HTTP/1.0.
constexpr RequestRow kHosts[] = {
    {"a",                   "GET /"},
    {"shop.example",        "GET /"},
    {"shop.example.",       "GET /"},
    {"SHOP.example:8000",   "GET /"},
    {"app_1",               "GET /"},
    {"xn--caf-dma.example", "GET /"},
    {"127.0.0.1:65535",     "GET /"},
    {"[::1]",               "GET /"},
    {"[2001:db8::1]:443",   "GET /"},
    {"a:",                  "GET /"},
    {"",                    "400"  },
    {":80",                 "400"  },
    {"a b",                 "400"  },
    {"a, b",                "400"  },
    {"a,b",                 "400"  },
    {"a/b",                 "400"  },
    {"c@d",                 "400"  },
    {"a b/c@d",             "400"  },
    {"a?b",                 "400"  },
    {"a#b",                 "400"  },
    {"a\\b",                "400"  },
    {"a%41",                "400"  },
    {"caf\xc3\xa9",         "400"  },
    {"a..b",                "400"  },
    {".a",                  "400"  },
    {".",                   "400"  },
    {"..",                  "400"  },
    {"a:80:80",             "400"  },
    {"a:-1",                "400"  },
    {"a:8x",                "400"  },
    {"a:65536",             "400"  },
    {"a:000080",            "400"  },
    {"::1",                 "400"  },
    {"[::1",                "400"  },
    {"[]",                  "400"  },
    {"[::1]x",              "400"  },
    {"[a]",                 "400"  },
    {"[127.0.0.1]",         "400"  },
    {"[fe80::1%25eth0]",    "400"  },
    {"http://a",            "400"  },
    {"\"a\"",               "400"  },
};

}  // namespace

void append_field_cases(std::vector<RequestCase>& cases) {
    append_cases(cases, "GET /a HTTP/1.1\r\nHost: a\r\n", kFields, "\r\n");
}

void append_host_cases(std::vector<RequestCase>& cases) {
    append_cases(cases, "GET / HTTP/1.1\r\nHost: ", kHosts, "\r\n\r\n");
    append_cases(cases, "GET / HTTP/1.0\r\nHost: ", kHosts, "\r\n\r\n");
}

}  // namespace bundle::http1
