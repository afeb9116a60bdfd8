// What a person is told about every kind of mistake that one option can have.
#include <gtest/gtest.h>

#include "tests/shared/config/site_text.hpp"

namespace bundle {

struct Mistake {
    const char* text;  // above the smallest file
    const char* told;
};
constexpr Mistake kMistakes[] = {
    {"[http]\nhead_timeut = 1",
     "site.toml:2:1: http.head_timeut is unknown; did you mean head_timeout?"                                                                   },
    {"[http]\nworkers = 1",
     "site.toml:2:1: http.workers is unknown; workers belongs to [app.NAME]"                                                                    },
    {"[log]\nzzz = 1",
     "site.toml:2:1: log.zzz is unknown; known here: level, path, format, access"                                                               },
    {"[cache]\nsize = 1",
     "site.toml:1:2: cache is unknown; known here: mime, server, listen, http, http2, tls, trust, "
     "app, "
     "site, log, metrics, admin, control, dev"                                                                                                  },
    {"[http]\n\"a\\nb\" = 1",
     "site.toml:2:1: http.\"a\\x0ab\" is unknown; known here: keepalive_timeout, "
     "keepalive_requests, head_timeout, "
     "body_timeout, body_min_rate, send_timeout, send_min_rate, max_request_line, max_headers, "
     "max_header_size, max_head_size, "
     "max_body, "
     "body_memory, response_memory, response_disk, underscore_headers, server_header, "
     "max_connections_per_ip"                                                                                                                   },
    {"[http]\nhead_timeout = \"15x\"",
     "site.toml:2:16: http.head_timeout is \"15x\"; it must be a duration such as \"250ms\", "
     "\"15s\", \"5m\", \"12h\" "
     "or \"30d\""                                                                                                                               },
    {"[http]\nhead_timeout = true",
     "site.toml:2:16: http.head_timeout is true; it must be a duration such as \"15s\", or a "
     "number of seconds"                                                                                                                        },
    {"[http]\nhead_timeout = 0",
     "site.toml:2:16: http.head_timeout is 0; it must be between 100ms and 10m"                                                                 },
    {"[http]\nhead_timeout = -1.5",
     "site.toml:2:16: http.head_timeout is -1.5; it must be a number of seconds within a hundred "
     "years"                                                                                                                                    },
    {"[http]\nhead_timeout = nan",
     "site.toml:2:16: http.head_timeout is nan; it must be a number of seconds within a hundred "
     "years"                                                                                                                                    },
    {"[http]\nmax_head_size = \"17M\"",
     "site.toml:2:17: http.max_head_size is \"17M\"; it must be between 1K and 1M"                                                              },
    {"[http]\nmax_head_size = \"unlimited\"",
     "site.toml:2:17: http.max_head_size is \"unlimited\"; it must be between 1K and 1M"                                                        },
    {"[http]\nmax_body = -1",
     "site.toml:2:12: http.max_body is -1; it must be a size such as \"10M\", or a number of "
     "bytes"                                                                                                                                    },
    {"[http]\nbody_min_rate = 0",
     "site.toml:2:17: http.body_min_rate is 0; it must be \"off\" or a size between 1 and 1G"                                                   },
    {"[http]\nmax_connections_per_ip = 0",
     "site.toml:2:26: http.max_connections_per_ip is 0; it must be \"unlimited\" or between 1 and "
     "1000000"                                                                                                                                  },
    {"[http]\nmax_headers = 1",
     "site.toml:2:15: http.max_headers is 1; it must be between 8 and 10000"                                                                    },
    {"[http]\nmax_headers = \"100\"",
     "site.toml:2:15: http.max_headers is \"100\"; it must be a number from 8 to 10000"                                                         },
    {"[http]\nserver_header = \"on\"",
     "site.toml:2:17: http.server_header is \"on\"; it must be \"off\", \"name\" or \"full\""                                                   },
    {"[http]\nserver_header = 1979-05-27",
     "site.toml:2:17: http.server_header is a date; it must be \"off\", \"name\" or \"full\""                                                   },
    {"[server]\nname = 5",                                                    "site.toml:2:8: server.name is 5; it must be a text in quotes"    },
    {"[server]\nname = \"\"",                                                 "site.toml:2:8: server.name is \"\"; it must not be empty"        },
    {"[server]\nname = \"a\\u001b[1m\"",
     "site.toml:2:8: server.name is \"a\\x1b[1m\"; it must not contain control characters"                                                      },
    {"[server]\ntemp_directory = \"\"",
     "site.toml:2:18: server.temp_directory is \"\"; it must not be empty"                                                                      },
    {"[[listen]]\naddress = \"8000\"",
     "site.toml:2:11: listen.0.address is \"8000\"; it has no port; write HOST:PORT, or :PORT for "
     "every address"                                                                                                                            },
    {"[[listen]]\naddress = \"unix:/s\"\nmode = 660",
     "site.toml:3:8: listen.0.mode is 660; it must be octal digits in quotes such as \"0660\""                                                  },
    {"[listen]\naddress = \":80\"",
     "site.toml:1:1: listen is a table; there may be several, so write [[listen]]"                                                              },
    {"[[site]]\nindex = \"index.html\"",
     "site.toml:2:9: site.0.index is \"index.html\"; it must be a list of texts such as [\"one\", "
     "\"two\"]"                                                                                                                                 },
    {"[[site]]\nindex = [\"a\", \"b/c\"]",
     "site.toml:2:9: site.0.index is a list; for \"b/c\", it must be the name of a file, without a "
     "folder"                                                                                                                                   },
    {"[[site]]\napp = \"\"",                                                  "site.toml:2:7: site.0.app is \"\"; it must be a name, or \"off\""},
    {"[app.second]\nworkers = 0\nwsgi = \"a\"\n[[site]]\napp = \"main\"",
     "site.toml:2:11: app.second.workers is 0; it must be \"auto\" or between 1 and 512"                                                        },
    {"[app.second]\nenv = { A = 1 }\nwsgi = \"a\"\n[[site]]\napp = \"main\"",
     "site.toml:2:7: app.second.env is a table; for A = 1, it must be a text in quotes"                                                         },
    {"[app.second]\n[[site]]\napp = \"main\"",
     "site.toml:1:1: app.second has neither wsgi nor paste, and needs one"                                                                      },
    {"[app]\nsecond = \"a:b\"\n[[site]]\napp = \"main\"",
     "site.toml:2:10: app.second is \"a:b\"; it must be a table: write [app.NAME]"                                                              },
    {"http = 5",                                                              "site.toml:1:8: http is 5; it must be a table: write [http]"      },
};

TEST(Reader, AMistakeIsToldWithItsPlaceAndItsCure) {
    for (const Mistake& mistake : kMistakes)
        EXPECT_EQ(problems_of(site_text(std::string(mistake.text) + "\n" + kSmallest)),
                  mistake.told);
}

TEST(Reader, EveryMistakeIsToldInTheOrderOfTheFile) {
    EXPECT_EQ(problems_of(site_text(
                  "[log]\nlevel = \"loud\"\n[app.main]\nworkers = 600\nwsgi = 5\n[http]\nx = 1")),
              "site.toml:2:9: log.level is \"loud\"; it must be \"error\", \"warn\", \"info\" or "
              "\"debug\"\n"
              "site.toml:4:11: app.main.workers is 600; it must be \"auto\" or between 1 and 512\n"
              "site.toml:5:8: app.main.wsgi is 5; it must be a text in quotes\n"
              "site.toml:7:1: http.x is unknown; known here: keepalive_timeout, "
              "keepalive_requests, head_timeout, "
              "body_timeout, body_min_rate, send_timeout, send_min_rate, max_request_line, "
              "max_headers, max_header_size, "
              "max_head_size, max_body, "
              "body_memory, response_memory, response_disk, underscore_headers, server_header, "
              "max_connections_per_ip");
}

TEST(Reader, AListOfAppsIsToldOnce) {
    EXPECT_EQ(problems_of(site_text("[[app]]\nwsgi = \"a\"")),
              "site.toml:1:1: app is a list; each has a name, so write [app.NAME]");
}

}  // namespace bundle
