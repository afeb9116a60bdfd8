#include "tests/frontend/http1/request_cases.hpp"

namespace bundle::http1 {

namespace {

using std::string_view_literals::operator""sv;

// A request line, followed by "Host: a".
constexpr RequestRow kRequestLines[] = {
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

}  // namespace

void append_request_line_cases(std::vector<RequestCase>& cases) {
    append_cases(cases, "", kRequestLines, "\r\nHost: a\r\n\r\n");
}

}  // namespace bundle::http1
