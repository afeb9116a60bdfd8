#include "shared/import/uwsgi_words.hpp"

#include <algorithm>
#include <array>

namespace bundle::imported {

namespace {

constexpr std::string_view kCheaper =
    "workers = { min, max }: more when requests wait, fewer when some have nothing to do";
constexpr std::string_view kConditions =
    "conditions are not looked at: what stands below it was taken";
constexpr std::string_view kAnyway = "bundle does so anyway";
constexpr std::array kWords = std::to_array<UwsgiWord>({
    {"master",                 Fate::NotNeeded,     kAnyway                                                        },
    {"need-app",               Fate::NotNeeded,     kAnyway                                                        },
    {"die-on-term",            Fate::NotNeeded,     kAnyway                                                        },
    {"strict",                 Fate::NotNeeded,     kAnyway                                                        },
    {"vacuum",                 Fate::NotNeeded,     kAnyway                                                        },
    {"single-interpreter",     Fate::NotNeeded,     kAnyway                                                        },
    {"enable-threads",         Fate::NotNeeded,     kAnyway                                                        },
    {"thunder-lock",           Fate::NotNeeded,     "one queue serves all workers"                                 },
    {"plugin",                 Fate::NotNeeded,     "bundle has no plugins"                                        },
    {"plugins",                Fate::NotNeeded,     "bundle has no plugins"                                        },
    {"py-call-osafterfork",    Fate::NotNeeded,     kAnyway                                                        },
    {"paste-logger",           Fate::NotNeeded,     "the [loggers] of paste's file are set up"                     },
    {"wsgi-env-behaviour",     Fate::NotNeeded,     kAnyway                                                        },
    {"offload-threads",        Fate::NotNeeded,     "the front sends files and answers"                            },
    {"harakiri-verbose",       Fate::NotNeeded,     "stacks are always in the log"                                 },
    {"post-buffering",         Fate::NotNeeded,     "a request reaches the application when it is there whole"     },
    {"post-buffering-bufsize", Fate::NotNeeded,
     "a request reaches the application when it is there whole"                                                    },
    {"log-x-forwarded-for",    Fate::NotNeeded,     "trust.proxies decides who the client is"                      },
    {"logger",                 Fate::NotTranslated, "log.path is a file, or \"-\""                                 },
    {"log-format",             Fate::NotTranslated,
     "log.access.format has the atoms of gunicorn and the variables of nginx"                                      },
    {"stats",                  Fate::NotTranslated,
     "[admin] address = \"127.0.0.1:9000\" tells /metrics and /status"                                             },
    {"buffer-size",            Fate::NotNeeded,     "heads have up to 64K (http.max_head_size)"                    },
    {"memory-report",          Fate::NotNeeded,     "`bundle status` shows it"                                     },
    {"touch-reload",           Fate::NotTranslated, "`bundle reload`"                                              },
    {"py-autoreload",          Fate::NotTranslated, "`bundle reload` after a change"                               },
    {"daemonize",              Fate::NotTranslated, "`bundle serve` stays in front; systemd starts it"             },
    {"emperor",                Fate::NotTranslated,
     "a bundle has several applications: more [app.NAME] and [[site]]"                                             },
    {"cron",                   Fate::NotTranslated, "systemd's timers"                                             },
    {"spooler",                Fate::NotTranslated, "a queue of tasks is another product"                          },
    {"mule",                   Fate::NotTranslated, "a queue of tasks is another product"                          },
    {"attach-daemon",          Fate::NotTranslated, "systemd"                                                      },
    {"gevent",                 Fate::NotTranslated,
     "workers are processes with threads; clients wait in the front"                                               },
    {"asyncio",                Fate::NotTranslated,
     "workers are processes with threads; clients wait in the front"                                               },
    {"async",                  Fate::NotTranslated, "workers are processes with threads; clients wait in the front"},
    {"cache2",                 Fate::NotTranslated, "bundle has no cache for applications"                         },
    {"manage-script-name",     Fate::NotNeeded,     "mount in a route sets SCRIPT_NAME"                            },
    {"cheaper-initial",        Fate::NotNeeded,     kCheaper                                                       },
    {"cheaper-step",           Fate::NotNeeded,     kCheaper                                                       },
    {"cheaper-algo",           Fate::NotNeeded,     kCheaper                                                       },
    {"cheaper-overload",       Fate::NotNeeded,     kCheaper                                                       },
    {"safe-pidfile",           Fate::NotTranslated, "server.pid_file"                                              },
    {"cron2",                  Fate::NotTranslated, "systemd's timers"                                             },
    {"route",                  Fate::NotTranslated, "[[site.route]] has path, and redirect, return or app"         },
    {"static-expires-uri",     Fate::NotTranslated, "expires of a [[site.route]]"                                  },
    {"static-expires-type",    Fate::NotTranslated, "expires of a [[site.route]]"                                  },
    {"if-env",                 Fate::NotTranslated, kConditions                                                    },
    {"if-not-env",             Fate::NotTranslated, kConditions                                                    },
    {"if-exists",              Fate::NotTranslated, kConditions                                                    },
    {"if-file",                Fate::NotTranslated, kConditions                                                    },
    {"if-dir",                 Fate::NotTranslated, kConditions                                                    },
    {"if-opt",                 Fate::NotTranslated, kConditions                                                    },
    {"endif",                  Fate::NotNeeded,     "conditions are not looked at"                                 },
    {"print",                  Fate::NotNeeded,     "it only prints"                                               },
});

constexpr std::array kAliases = std::to_array<UwsgiAlias>({
    {"processes",           "workers"            },
    {"workers",             "workers"            },
    {"threads",             "threads"            },
    {"harakiri",            "timeout"            },
    {"worker-reload-mercy", "graceful_timeout"   },
    {"reload-mercy",        "graceful_timeout"   },
    {"max-requests",        "max_requests"       },
    {"max-requests-delta",  "max_requests_jitter"},
    {"chdir",               "chdir"              },
    {"uid",                 "user"               },
    {"gid",                 "group"              },
    {"umask",               "umask"              },
    {"pidfile",             "pidfile"            },
    {"procname-prefix",     "proc_name"          },
    {"procname",            "proc_name"          },
    {"http-keepalive",      "keepalive"          },
});

}  // namespace

const UwsgiWord* find_uwsgi_word(std::string_view name) {
    const auto* const found = std::ranges::find(kWords, name, &UwsgiWord::name);
    return found == kWords.end() ? nullptr : found;
}

const UwsgiAlias* find_uwsgi_alias(std::string_view name) {
    const auto* const found = std::ranges::find(kAliases, name, &UwsgiAlias::name);
    return found == kAliases.end() ? nullptr : found;
}

}  // namespace bundle::imported
