#include "frontend/files/mime_types.hpp"

#include <gmock/gmock.h>

#include <fstream>
#include <set>
#include <sstream>
#include <string>

namespace bundle {

TEST(MimeTypes, TheEndOfAFileNameSaysItsType) {
    const struct {
        const char* name;
        const char* type;
    } table[] = {
        {"index.html",                   "text/html; charset=utf-8"      },
        {"css/site.css",                 "text/css; charset=utf-8"       },
        {"app.3f2a1b.js",                "text/javascript; charset=utf-8"},
        {"module.mjs",                   "text/javascript; charset=utf-8"},
        {"notes.txt",                    "text/plain; charset=utf-8"     },
        {"data.json",                    "application/json"              },
        {"app.js.map",                   "application/json"              },
        {"site.webmanifest",             "application/manifest+json"     },
        {"module.wasm",                  "application/wasm"              },
        {"feed.xml",                     "application/xml"               },
        {"logo.svg",                     "image/svg+xml"                 },
        {"photo.JPG",                    "image/jpeg"                    },
        {"photo.avif",                   "image/avif"                    },
        {"favicon.ico",                  "image/x-icon"                  },
        {"font.woff2",                   "font/woff2"                    },
        {"film.mp4",                     "video/mp4"                     },
        {"paper.pdf",                    "application/pdf"               },
        {"archive.tar.gz",               "application/gzip"              },
        {"README",                       "application/octet-stream"      },
        {"folder.html/README",           "application/octet-stream"      },
        {"strange.",                     "application/octet-stream"      },
        {"x.nobodyknowsthis",            "application/octet-stream"      },
        {"x.muchlongerthananyextension", "application/octet-stream"      },
        {"",                             "application/octet-stream"      },
    };
    for (const auto& row : table) EXPECT_EQ(mime_type_of(row.name), row.type) << row.name;
}

TEST(MimeTypes, NoExtensionStandsTwiceInTheTable) {
    std::ifstream table(BUNDLE_SOURCE_DIR "/static/mime.types");
    std::set<std::string> seen;
    for (std::string line; std::getline(table, line);) {
        if (line.starts_with('#')) continue;
        std::istringstream words(line);
        std::string type;
        words >> type;
        for (std::string extension; words >> extension;)
            EXPECT_TRUE(seen.insert(extension).second) << extension << " again, for " << type;
    }
    EXPECT_GT(seen.size(), 150U);
}

}  // namespace bundle
