#include "frontend/http1/request_parser.hpp"

#include <gtest/gtest.h>

#include "tests/support/request_outcome.hpp"

namespace bundle::http1 {

namespace {

using std::string_view_literals::operator""sv;

struct ParserCase {
    std::string bytes;
    std::string outcome;  // as outcome_of() tells it
};

struct Row {
    std::string_view text;
    std::string_view outcome;
};

// A request line, followed by "Host: a".
constexpr Row kRequestLines[] = {
    {"GET / HTTP/1.1",                  "GET /"               },
    {"GET / HTTP/1.0",                  "GET /"               },
    {"DELETE /a/b.c HTTP/1.1",          "DELETE /a/b.c"       },
    {"PROPFIND /dav/ HTTP/1.1",         "PROPFIND /dav/"      },
    {"M-SEARCH / HTTP/1.1",             "M-SEARCH /"          },
 // Methods.
    {"QUERY / HTTP/1.1",                "501"                 },
    {"FOO / HTTP/1.1",                  "501"                 },
    {"get / HTTP/1.1",                  "501"                 },
    {"GETT / HTTP/1.1",                 "501"                 },
    {"DESCRIBE / HTTP/1.1",             "501"                 },
    {"TRACE / HTTP/1.1",                "405"                 },
    {"CONNECT a:443 HTTP/1.1",          "405"                 },
    {"CONNECT / HTTP/1.1",              "405"                 },
    {"G(T / HTTP/1.1",                  "400"                 },
    {"G\tT / HTTP/1.1",                 "400"                 },
    {"GET\0 / HTTP/1.1"sv,              "400"                 },
    {"G\xc3\x89T / HTTP/1.1",           "400"                 },
    {" GET / HTTP/1.1",                 "400"                 },
    {"\tGET / HTTP/1.1",                "400"                 },
 // Spaces.
    {"GET  / HTTP/1.1",                 "400"                 },
    {"GET /  HTTP/1.1",                 "400"                 },
    {"GET / HTTP/1.1 ",                 "400"                 },
    {"GET\t/ HTTP/1.1",                 "400"                 },
    {"GET /\tHTTP/1.1",                 "400"                 },
    {"GET / a HTTP/1.1",                "400"                 },
 // Versions.
    {"GET",                             "400"                 },
    {"GET ",                            "400"                 },
    {"GET /",                           "400"                 },
    {"GET / ",                          "400"                 },
    {"GET / HTTP/0.9",                  "505"                 },
    {"GET / HTTP/1.2",                  "505"                 },
    {"GET / HTTP/2.0",                  "505"                 },
    {"GET / HTTP/3.0",                  "505"                 },
    {"PRI * HTTP/2.0",                  "505"                 },
    {"GET / HTTP/1",                    "400"                 },
    {"GET / HTTP/2",                    "400"                 },
    {"GET / HTTP/11",                   "400"                 },
    {"GET / HTTP/1.10",                 "400"                 },
    {"GET / HTTP/1.1.1",                "400"                 },
    {"GET / HTTP/01.1",                 "400"                 },
    {"GET / HTTP/ 1.1",                 "400"                 },
    {"GET / http/1.1",                  "400"                 },
    {"GET / HTTPS/1.1",                 "400"                 },
    {"GET / RTSP/1.0",                  "400"                 },
    {"SOURCE / ICE/1.0",                "400"                 },
    {"GET / \xc8TTP/1.1",               "400"                 },
 // Targets: what browsers and curl send.
    {"GET /?a=1&b[]=2 HTTP/1.1",        "GET /?a=1&b[]=2"     },
    {"GET /?q={a}|^`'\\[] HTTP/1.1",    "GET /?q={a}|^`'\\[]" },
    {"GET /a|b[c] HTTP/1.1",            "GET /a|b[c]"         },
    {"GET /?q=100% HTTP/1.1",           "GET /?q=100%"        },
    {"GET /?a?b HTTP/1.1",              "GET /?a?b"           },
    {"GET /? HTTP/1.1",                 "GET /"               },
    {"GET /caf\xc3\xa9?\xff HTTP/1.1",  "GET /caf\xc3\xa9?%FF"},
    {"GET /%61%20b HTTP/1.1",           "GET /a b"            },
    {"GET /a%2Fb HTTP/1.1",             "GET /a/b"            },
    {"GET //a//b HTTP/1.1",             "GET /a/b"            },
    {"GET /a/../b HTTP/1.1",            "GET /b"              },
    {"GET /a\\..\\b HTTP/1.1",          "GET /a\\..\\b"       },
    {"GET /%2561 HTTP/1.1",             "GET /%61"            },
 // Targets: what nobody honest sends.
    {"GET /a#b HTTP/1.1",               "400"                 },
    {"GET /?a#b HTTP/1.1",              "400"                 },
    {"GET /\"a\" HTTP/1.1",             "400"                 },
    {"GET /<a> HTTP/1.1",               "400"                 },
    {"GET /?<script> HTTP/1.1",         "400"                 },
    {"GET /%zz HTTP/1.1",               "400"                 },
    {"GET /% HTTP/1.1",                 "400"                 },
    {"GET /%4 HTTP/1.1",                "400"                 },
    {"GET /%00 HTTP/1.1",               "400"                 },
    {"GET /\0 HTTP/1.1"sv,              "400"                 },
    {"GET /\x01 HTTP/1.1",              "400"                 },
    {"GET /\x7f HTTP/1.1",              "400"                 },
    {"GET /\x0c HTTP/1.1",              "400"                 },
    {"GET /a\x0b HTTP/1.1",             "400"                 },
    {"GET /../etc/passwd HTTP/1.1",     "400"                 },
    {"GET /%2e%2e/etc/passwd HTTP/1.1", "400"                 },
    {"GET /a/..%2f..%2fb HTTP/1.1",     "400"                 },
    {"GET a HTTP/1.1",                  "400"                 },
    {"GET a.b:80 HTTP/1.1",             "400"                 },
    {"GET ?a HTTP/1.1",                 "400"                 },
    {"GET %2fa HTTP/1.1",               "400"                 },
    {"GET \\a HTTP/1.1",                "400"                 },
 // Asterisk form.
    {"OPTIONS * HTTP/1.1",              "OPTIONS *"           },
    {"OPTIONS / HTTP/1.1",              "OPTIONS /"           },
    {"OPTIONS *a HTTP/1.1",             "400"                 },
    {"GET * HTTP/1.1",                  "400"                 },
 // Absolute form.
    {"GET http://a HTTP/1.1",           "GET /"               },
    {"GET http://a/ HTTP/1.1",          "GET /"               },
    {"GET http://A/b?c HTTP/1.1",       "GET /b?c"            },
    {"GET HTTPS://a/b HTTP/1.1",        "GET /b"              },
    {"GET http://a?b HTTP/1.1",         "GET /?b"             },
    {"OPTIONS http://a HTTP/1.1",       "OPTIONS *"           },
    {"GET http://b/ HTTP/1.1",          "400"                 },
    {"GET http://a:80/ HTTP/1.1",       "400"                 },
    {"GET http:///b HTTP/1.1",          "400"                 },
    {"GET http://u@a/ HTTP/1.1",        "400"                 },
    {"GET http://a@b@a/ HTTP/1.1",      "400"                 },
    {"GET http:/a HTTP/1.1",            "400"                 },
    {"GET http:a HTTP/1.1",             "400"                 },
    {"GET ftp://a/ HTTP/1.1",           "400"                 },
    {"GET file:///etc/passwd HTTP/1.1", "400"                 },
    {"GET http://a\\b/ HTTP/1.1",       "400"                 },
    {"GET http://a/../b HTTP/1.1",      "400"                 },
};

// Fields after "GET /a HTTP/1.1" and "Host: a", each with its line end.
constexpr Row kFields[] = {
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
constexpr Row kHosts[] = {
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

// What follows the head of a chunked "POST /".
constexpr Row kChunked[] = {
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
constexpr Row kConnections[] = {
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

std::vector<ParserCase> all_cases() {
    std::vector<ParserCase> cases;
    const auto add = [&](std::string_view before, const Row& row, std::string_view after) {
        cases.push_back(
            {std::string(before).append(row.text).append(after), std::string(row.outcome)});
    };
    for (const Row& row : kRequestLines) add("", row, "\r\nHost: a\r\n\r\n");
    for (const Row& row : kFields) add("GET /a HTTP/1.1\r\nHost: a\r\n", row, "\r\n");
    for (const Row& row : kHosts) add("GET / HTTP/1.1\r\nHost: ", row, "\r\n\r\n");
    for (const Row& row : kHosts) add("GET / HTTP/1.0\r\nHost: ", row, "\r\n\r\n");
    for (const Row& row : kChunked)
        add("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", row, "");
    for (const Row& row : kConnections) add("", row, "");
    return cases;
}

class ParserVerdict : public testing::TestWithParam<ParserCase> {};

}  // namespace

TEST_P(ParserVerdict, IsTheSameWholeAndSplit) {
    const ParserCase& tried = GetParam();

    for (const std::size_t step :
         {tried.bytes.size() + 1, std::size_t{1}, std::size_t{2}, std::size_t{7}})
        EXPECT_EQ(outcome_of(tried.bytes, step), tried.outcome)
            << "in parts of " << step << ": " << testing::PrintToString(tried.bytes);
}

INSTANTIATE_TEST_SUITE_P(Table, ParserVerdict, testing::ValuesIn(all_cases()));

TEST(RequestParser, GivesAHeadThatIsReadyToUse) {
    RequestParser parser(kTestLimits);
    RequestHead head;
    std::string_view bytes =
        "POST /caf\xc3\xa9/%61?q=\xff%20 HTTP/1.1\r\nHOST: "
        "Shop.example:8000\r\nX-Mixed_CASE-Name~Z: V \t\r\n"
        "Content-Length: 12\r\nConnection: Keep-Alive, X\r\nExpect: 100-continue\r\n\r\nbody";

    ASSERT_EQ(parser.read_head(bytes, head), Progress::Done);

    EXPECT_EQ(bytes, "body");
    EXPECT_EQ(head.method, "POST");
    EXPECT_EQ(head.target, "/caf%C3%A9/%61?q=%FF%20");
    EXPECT_EQ(head.path, "/caf\xc3\xa9/a");
    EXPECT_EQ(head.query, "q=%FF%20");
    EXPECT_EQ(head.host, "Shop.example:8000");
    EXPECT_EQ(head.version, HttpVersion::Http11);
    EXPECT_EQ(head.content_length, 12U);
    EXPECT_FALSE(head.chunked);
    EXPECT_TRUE(head.keep_alive);
    EXPECT_TRUE(head.expects_continue);
    EXPECT_EQ(head.fields, (Headers{
                               {"host",                "Shop.example:8000"},
                               {"x-mixed_case-name~z", "V"                },
                               {"content-length",      "12"               },
                               {"connection",          "Keep-Alive, X"    },
                               {"expect",              "100-continue"     }
    }));
}

TEST(RequestParser, KnowsWhatTheClientAsksOfTheConnection) {
    struct {
        std::string_view version;
        std::string_view connection;
        bool keep_alive;
    } const rows[] = {
        {"1.1", "x",                true },
        {"1.1", "close",            false},
        {"1.1", "x, Close",         false},
        {"1.1", "keep-alive",       true },
        {"1.0", "x",                false},
        {"1.0", "keep-alive",       true },
        {"1.0", "Keep-Alive,",      true },
        {"1.0", "closed",           false},
        {"1.1", "keep-alive,close", false},
        {"1.1", "close1",           true },
        {"1.1", "\"close\"",        true },
    };
    for (const auto& row : rows) {
        RequestParser parser(kTestLimits);
        RequestHead head;
        const std::string text = "GET / HTTP/" + std::string(row.version) +
                                 "\r\nHost: a\r\nConnection: " + std::string(row.connection) +
                                 "\r\n\r\n";
        std::string_view bytes = text;

        ASSERT_EQ(parser.read_head(bytes, head), Progress::Done) << text;

        EXPECT_EQ(head.keep_alive, row.keep_alive) << text;
    }
}

TEST(RequestParser, PiecesOfABodyPointIntoTheInput) {
    RequestParser parser(kTestLimits);
    RequestHead head;
    std::string_view bytes = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    ASSERT_EQ(parser.read_head(bytes, head), Progress::Done);
    const std::string_view input = "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\nGET";
    std::vector<std::string_view> pieces;

    bytes = input;
    ASSERT_EQ(parser.read_body(bytes, pieces), Progress::Done);

    EXPECT_EQ(bytes, "GET");
    EXPECT_EQ(pieces, (std::vector<std::string_view>{"abc", "de"}));
    EXPECT_EQ(pieces[0].data(), input.data() + 3);
}

TEST(RequestParser, ARefusalIsForEver) {
    RequestParser parser(kTestLimits);
    RequestHead head;
    std::vector<std::string_view> pieces;
    std::string_view bytes = "GET /\r\n";
    ASSERT_EQ(parser.read_head(bytes, head), Progress::Refused);
    bytes = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    EXPECT_EQ(parser.read_head(bytes, head), Progress::Refused);
    EXPECT_EQ(parser.read_body(bytes, pieces), Progress::Refused);

    EXPECT_EQ(bytes.size(), 27U);
    EXPECT_EQ(parser.refusal().status, 400);
    EXPECT_EQ(parser.refusal().reason, "request line without a version of HTTP");
}

TEST(RequestParser, BlankLinesAreNotTheBeginningOfARequest) {
    RequestParser parser(kTestLimits);
    RequestHead head;
    std::string_view bytes = "\r\n";

    EXPECT_EQ(parser.read_head(bytes, head), Progress::NeedMore);
    EXPECT_FALSE(parser.has_begun());
    bytes = "G";
    EXPECT_EQ(parser.read_head(bytes, head), Progress::NeedMore);
    EXPECT_TRUE(parser.has_begun());
}

TEST(RequestParser, AHeadThatMovesWhileItGrowsIsTheSameHead) {
    RequestParser parser(kTestLimits);
    RequestHead head;
    std::string_view line = "GET http://a/b?c HTTP/1.1\r\n";
    ASSERT_EQ(parser.read_head(line, head), Progress::NeedMore);
    const std::string rest = "Host: a\r\nX: " + std::string(8000, 'x') + "\r\n\r\n";

    std::string_view bytes = rest;
    ASSERT_EQ(parser.read_head(bytes, head), Progress::Done);

    EXPECT_EQ(head.method, "GET");
    EXPECT_EQ(head.target, "http://a/b?c");
    EXPECT_EQ(head.query, "c");
    EXPECT_EQ(head.host, "a");
    EXPECT_GE(head.method.data(), head.bytes.data());
    EXPECT_LT(head.method.data(), head.bytes.data() + head.bytes.size());
}

}  // namespace bundle::http1
