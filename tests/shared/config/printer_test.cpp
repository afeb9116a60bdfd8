#include "shared/config/printer.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <random>

#include "shared/config/option/description.hpp"
#include "tests/shared/config/site_text.hpp"

namespace bundle {

namespace {

using config::OptionDescription;
using config::TableDescription;

// Options whose value depends on others, or must follow a syntax of its own.
const std::map<std::string, std::string, std::less<>> kOwnSamples = {
    {"[server].unknown_host",              "\"b.example\""                    },
    {"[[site]].hosts",                     "[\"*.a.example\", \"b.example\"]" },
    {"[[listen]].address",                 "\"unix:/srv/a b.sock\""           },
    {"[[listen]].owner",                   "\"www-data:adm\""                 },
    {"[[listen]].protocols",               "[\"http/1.1\", \"http/1.1\"]"     },
    {"[tls].unknown_name",                 "\"reject\""                       },
    {"[tls].profile",                      "\"custom\""                       },
    {"[tls].min_version",                  "\"1.3\""                          },
    {"[tls].session_tickets",              "false"                            },
    {"[tls].client_verify",                "\"require\""                      },
    {"[http].server_header",               "\"full\""                         },
    {"[http].underscore_headers",          "\"allow\""                        },
    {"[trust].proxies",                    "[\"192.0.2.0/24\", \"unix\"]"     },
    {"[trust].client_ip_header",           "\"Forwarded\""                    },
    {"[trust].scheme_headers",             "{ X-Forwarded-Ssl = \"on\" }"     },
    {"[app.NAME].wsgi",                    "\"shop:make('$${x}', \\\"y\\\")\""},
    {"[app.NAME].paste",                   "\"\""                             }, // the app has a wsgi
    {"[app.NAME].paste_vars",              "{}"                               },
    {"[app.NAME].warmup",                  "[\"/cart?full=1\"]"               },
    {"[app.NAME].workers",                 "{ min = 5, max = 7 }"             },
    {"[app.NAME].min_ready",               "5"                                },
    {"[app.NAME].retry",                   "\"off\""                          },
    {"[app.NAME].preload",                 "false"                            },
    {"[app.NAME].capture_output",          "false"                            },
    {"[[site]].app",                       "\"off\""                          },
    {"[[site.route]].path",                "\"=/robots.txt\""                 },
    {"[[site.route]].buffering",           "false"                            },
    {"[[site.route]].priority",            "\"high\""                         },
    {"[[site]].fallback",                  "\"/index.html\""                  },
    {"[[site.route]].app",                 "\"\""                             }, // the route has another action
    {"[[site.route]].redirect",            "\"\""                             },
    {"[[site.route]].status",              "308"                              },
    {"[[site.route]].status_page",         "false"                            },
    {"[[site.route]].return",              "\"none\""                         },
    {"[[site.route]].body",                "\"\""                             },
    {"[[site.route]].mount",               "\"\""                             },
    {"[[site.route]].fallback",            "\"404\""                          },
    {"[[site]].https",                     "\"redirect\""                     },
    {"[site.maintenance].allow",           "[\"private\"]"                    },
    {"[[site]].allow",                     "[\"private\"]"                    },
    {"[[site]].deny",                      "[\"unix\"]"                       },
    {"[[site]].access_log",                "false"                            },
    {"[[site]].errors",                    "{ 404 = \"a.html\" }"             },
    {"[[site.route]].allow",               "[\"*\"]"                          },
    {"[[site.route]].deny",                "[\"loopback\"]"                   },
    {"[[site.route]].errors",              "{ 404 = \"a.html\", 5xx = \"b\" }"},
    {"[site.headers].preset",              "\"basic\""                        },
    {"[site.headers].set",                 "{ X-A = \"1\" }"                  },
    {"[site.headers].append",              "{ X-B = \"$${x}\" }"              },
    {"[site.headers].remove",              "[\"Server\"]"                     },
    {"[site.route.headers].preset",        "\"strict\""                       },
    {"[site.route.headers].set",           "{ X-A = \"1\" }"                  },
    {"[site.route.headers].append",        "{ X-B = \"2\" }"                  },
    {"[site.route.headers].remove",        "[\"X-C\"]"                        },
    {".mime",                              "{ glb = \"model/gltf-binary\" }"  },
    {"[[site]].precompressed",             "false"                            },
    {"[[site]].listing",                   "\"json\""                         },
    {"[[site]].symlinks",                  "\"deny\""                         },
    {"[[site]].gzip",                      "false"                            },
    {"[[site]].gzip_types",                "[\"text/*\"]"                     },
    {"[[site]].gzip_level",                "7"                                },
    {"[[site]].compression",               "[\"gzip\"]"                       },
    {"[[site]].brotli_level",              "7"                                },
    {"[[site]].zstd_level",                "8"                                },
    {"[[site]].compression_padding",       "64"                               },
    {"[[site]].client_verify",             "\"optional\""                     },
    {"[[site]].underscore_headers",        "\"allow\""                        },
    {"[[site.route]].precompressed",       "false"                            },
    {"[[site.route]].listing",             "true"                             },
    {"[[site.route]].symlinks",            "\"follow\""                       },
    {"[[site.route]].gzip",                "false"                            },
    {"[[site.route]].gzip_types",          "[\"text/css\"]"                   },
    {"[[site.route]].gzip_level",          "8"                                },
    {"[[site.route]].compression",         "[\"br\", \"gzip\"]"               },
    {"[[site.route]].brotli_level",        "7"                                },
    {"[[site.route]].zstd_level",          "8"                                },
    {"[[site.route]].compression_padding", "64"                               },
    {"[[site.route]].underscore_headers",  "\"refuse\""                       },
    {"[admin].address",                    "\"127.0.0.1:9\""                  },
    {"[admin].allow",                      "[\"10.0.0.0/8\"]"                 },
    {"[log.access].format",                "\"json\""                         },
    {"[metrics.statsd].address",           "\"127.0.0.1:8125\""               },
    {"[metrics.statsd].prefix",            "\"web\""                          },
    {"[metrics.statsd].tags",              "{ env = \"test\" }"               },
    {"[log].level",                        "\"debug\""                        },
    {"[log].format",                       "\"json\""                         },
    {"[log.access].exclude",               "[\"/live\"]"                      },
    {"[log.access].sample",                "0.5"                              },
    {"[app.NAME].logconfig",               "\"logging.ini\""                  },
    {"[http2].connection_window",          "\"100K\""                         },
    {"[http2].max_control_frames",         "777"                              },
    {"[http2].max_continuations",          "3"                                },
};
const std::map<std::string, std::string, std::less<>> kSamples = {
    {"text",                          R"("grün \"\\ $${A} 'x' # y")"             },
    {"path",                          R"("some where/\u00e9 $${A}")"              },
    {"duration",                      "\"1234ms\""                                },
    {"duration or \"off\"",           "\"12s\""                                   },
    {"lines of text",                 R"("a\nb")"                                 },
    {"table of paths",                R"({ 404 = "a" })"                          },
    {"size",                          "\"7K\""                                    },
    {"whole number",                  "77"                                        },
    {"whole number or \"unlimited\"", "9"                                         },
    {"size or \"off\"",               "\"5M\""                                    },
    {"duration or \"off\"",           "\"1234ms\""                                },
    {"whole number or \"off\"",       "13"                                        },
    {"whole number or \"auto\"",      "7"                                         },
    {"true or false",                 "true"                                      },
    {"mode",                          "\"0700\""                                  },
    {"list of texts",                 R"(["a.html", "b $${A}.html"])"             },
    {"list of paths",                 R"(["a", "/b/c"])"                          },
    {"table of texts",                R"({ A = "1\n2\t\u0001", "b c" = "$${x}" })"},
};

std::string sample(const TableDescription& table, const OptionDescription& option) {
    const auto own = kOwnSamples.find(fmt::format("{}.{}", table.header, option.name));
    return own != kOwnSamples.end() ? own->second : kSamples.at(option.kind.type);
}

// A file that sets every option there is to something other than its default.
void write_all(std::string& text, const TableDescription& table) {
    std::string header = table.header;
    if (const std::size_t at = header.find("NAME"); at != std::string::npos)
        header.replace(at, 4, "shop-2");
    if (!header.empty()) text += header + "\n";
    for (const OptionDescription& option : table.options)
        text += fmt::format("{} = {}\n", option.name, sample(table, option));
    for (const TableDescription& part : table.tables) write_all(text, part);
}

std::string file_with_every_option() {
    std::string text;
    write_all(text, config::configuration_description());
    return text;
}

void expect_survives_printing(const Config& config) {
    const std::string text = print_config(config);

    const auto again = load_resolved_config(text);

    ASSERT_TRUE(again) << again.error().message << "\n" << text;
    EXPECT_EQ(*again, config) << text;
    EXPECT_EQ(print_config(*again), text);
}

}  // namespace

TEST(Printer, EveryOptionSurvivesPrinting) {
    const auto loaded = load_config(site_text(file_with_every_option()));

    ASSERT_TRUE(loaded) << loaded.error().message;
    EXPECT_EQ(print_config_with_origins(loaded->config, loaded->origins).find("# default"),
              std::string::npos)
        << "an option was not set";
    expect_survives_printing(loaded->config);
}

TEST(Printer, DefaultsSurvivePrinting) {
    expect_survives_printing(load_config(site_text(kSmallest)).value().config);
}

TEST(Printer, AnIniFileSurvivesPrinting) {
    const auto loaded = load_config(
        site_text("[app.main]\npaste = \"site.ini#a $${A}\"\npaste_vars = { a = \"100%\" }"));

    ASSERT_TRUE(loaded) << loaded.error().message;
    expect_survives_printing(loaded->config);
}

TEST(Printer, AFileWithoutAppsSurvivesPrinting) {
    expect_survives_printing(load_config(site_text("[[site]]\nroot = \"public\"")).value().config);
}

TEST(Printer, AnyTextSurvivesPrinting) {
    std::mt19937 random(20260101);  // NOLINT: the same texts in every run
    const std::vector<std::string> pieces = {"a",        "\"",
                                             "\\",       "'",
                                             "$",        "{",
                                             "}",        "${",
                                             "$${",      "#",
                                             "\n",       "\t",
                                             "\r",       "\b",
                                             "\x01",     "\x7f",
                                             "\xc3\xa9", "=",
                                             "[",        "]",
                                             ",",        " ",
                                             ".",        "\\u",
                                             "\"\"\"",   "\xf0\x9f\x90\x8d"};
    Config config = load_config(site_text(kSmallest)).value().config;
    for (int round = 0; round < 200; ++round) {
        std::string text;
        for (int i = 0; i < 12; ++i) text += pieces[random() % pieces.size()];
        config.apps[0].env[fmt::format("V{}", round % 7)] = text;
        expect_survives_printing(config);
    }
}

TEST(Printer, OriginsStandBehindTheirValues) {
    const auto loaded =
        load_config(site_text("[app.main]\nwsgi = \"hello:app\"\n[http]\nhead_timeout = 5"));

    const std::string text = print_config_with_origins(loaded->config, loaded->origins);

    EXPECT_NE(text.find("\nwsgi = \"hello:app\"  # site.toml:2\n"), std::string::npos) << text;
    EXPECT_NE(text.find("\nhead_timeout = \"5s\"  # site.toml:4\n"), std::string::npos) << text;
    EXPECT_NE(text.find("\nbody_timeout = \"30s\"  # default\n"), std::string::npos) << text;
}

}  // namespace bundle
