#include "shared/http/url_path.hpp"

#include <gtest/gtest.h>

namespace bundle {

namespace {

struct PathCase {
    std::string_view encoded;
    PathVerdict verdict;
    std::string_view path;
};

using enum PathVerdict;

const PathCase kPathCases[] = {
    {"/",                  Good,               "/"             },
    {"/a/b.css",           Good,               "/a/b.css"      },
    {"/a/",                Good,               "/a/"           },
    {"/%61",               Good,               "/a"            },
    {"/caf%C3%A9",         Good,               "/caf\xc3\xa9"  },
    {"/caf\xc3\xa9",       Good,               "/caf\xc3\xa9"  },
    {"/%ff%FE",            Good,               "/\xff\xfe"     },
    {"/a%20b",             Good,               "/a b"          },
    {"/a%0d%0ab",          Good,               "/a\r\nb"       },
    {"/a+b",               Good,               "/a+b"          },
    {"/a;b=1",             Good,               "/a;b=1"        },
 // Decoded once.
    {"/%2561",             Good,               "/%61"          },
    {"/%252e%252e/a",      Good,               "/%2e%2e/a"     },
    {"/a%2fb",             Good,               "/a/b"          },
    {"/a%2Fb",             Good,               "/a/b"          },
    {"/%2f",               Good,               "/"             },
 // Broken.
    {"",                   NotAbsolute,        ""              },
    {"a",                  NotAbsolute,        ""              },
    {"*",                  NotAbsolute,        ""              },
    {"%2fa",               NotAbsolute,        ""              },
    {"/%",                 BadPercentEncoding, ""              },
    {"/%4",                BadPercentEncoding, ""              },
    {"/%zz",               BadPercentEncoding, ""              },
    {"/%4g",               BadPercentEncoding, ""              },
    {"/a%",                BadPercentEncoding, ""              },
    {"/%00",               NulByte,            ""              },
    {"/a%00.css",          NulByte,            ""              },
 // Dots.
    {"/.",                 Good,               "/"             },
    {"/./",                Good,               "/"             },
    {"/a/.",               Good,               "/a/"           },
    {"/a/./b",             Good,               "/a/b"          },
    {"/a/..",              Good,               "/"             },
    {"/a/../",             Good,               "/"             },
    {"/a/../b",            Good,               "/b"            },
    {"/a/b/..",            Good,               "/a/"           },
    {"/a/b/../../c",       Good,               "/c"            },
    {"/..",                AboveRoot,          ""              },
    {"/../",               AboveRoot,          ""              },
    {"/../etc/passwd",     AboveRoot,          ""              },
    {"/a/../../etc",       AboveRoot,          ""              },
    {"/%2e%2e/etc",        AboveRoot,          ""              },
    {"/.%2e/etc",          AboveRoot,          ""              },
    {"/..%2fetc",          AboveRoot,          ""              },
    {"/a%2f..%2f..%2fetc", AboveRoot,          ""              },
    {"//..",               AboveRoot,          ""              },
    {"/%2e",               Good,               "/"             },
    {"/a/%2e%2e/b",        Good,               "/b"            },
 // Names that only look like it.
    {"/...",               Good,               "/..."          },
    {"/.git/..config",     Good,               "/.git/..config"},
    {"/a../b",             Good,               "/a../b"        },
    {"/a./b.",             Good,               "/a./b."        },
    {"/.well-known/x",     Good,               "/.well-known/x"},
 // Slashes.
    {"//",                 Good,               "/"             },
    {"//a",                Good,               "/a"            },
    {"///a///b//",         Good,               "/a/b/"         },
    {"/a//b",              Good,               "/a/b"          },
    {"/a//../b",           Good,               "/b"            },
    {"/a/..//b",           Good,               "/b"            },
    {"/a%2f%2fb",          Good,               "/a/b"          },
    {"//evil.example/",    Good,               "/evil.example/"},
    {"/http://x",          Good,               "/http:/x"      },
 // A backslash is no slash.
    {"/a\\..\\b",          Good,               "/a\\..\\b"     },
    {"/..\\a",             Good,               "/..\\a"        },
    {"/%5c../a",           Good,               "/\\../a"       },
};

}  // namespace

TEST(UrlPath, IsDecodedOnceAndResolved) {
    std::string path = "left over";
    for (const PathCase& row : kPathCases) {
        ASSERT_EQ(resolve_path(row.encoded, path), row.verdict) << row.encoded;
        if (row.verdict != Good) continue;
        EXPECT_EQ(path, row.path) << row.encoded;
    }
}

TEST(UrlPath, AResolvedPathSurvivesBeingEncodedAndResolvedAgain) {
    std::string path;
    std::string again;
    for (const PathCase& row : kPathCases) {
        if (resolve_path(row.encoded, path) != Good) continue;

        ASSERT_EQ(resolve_path(encoded_path(path), again), Good) << row.encoded;

        EXPECT_EQ(again, path) << row.encoded;
    }
}

TEST(UrlPath, IsEncodedSoThatItCanStandInLocation) {
    EXPECT_EQ(encoded_path("/a b/\r\n%?#\"<caf\xc3\xa9>\\"),
              "/a%20b/%0D%0A%25%3F%23%22%3Ccaf%C3%A9%3E%5C");
    EXPECT_EQ(encoded_path("/~u/a-b_c.d!$&'()*+,;=:@"), "/~u/a-b_c.d!$&'()*+,;=:@");
}

}  // namespace bundle
