#include "shared/import/gunicorn/settings.hpp"

#include <algorithm>

namespace bundle::imported {

namespace {

constexpr auto kWritten = Fate::Translated;
constexpr auto kNeedless = Fate::NotNeeded;
constexpr auto kMissing = Fate::NotTranslated;
constexpr std::string_view kAsgi = "bundle does not serve ASGI yet";
constexpr std::string_view kDirty =
    "bundle has no such processes; a second [app.NAME] with its own routes may do";
constexpr std::string_view kStrict =
    "bundle refuses such requests, for others may read them in another way";
constexpr std::string_view kLogging =
    "bundle writes its log itself; app.main.logconfig sets up the application's loggers";
constexpr std::string_view kSyslog = "log.path is a file, or \"-\" for systemd's journal";
constexpr std::string_view kHook = "a hook";

using enum Takes;

constexpr std::array kSettings = std::to_array<GunicornSetting>({
    {"config",                             "-c --config",                          Value,    kNeedless, "it was read"                                            },
    {"wsgi_app",                           "",                                     FileOnly, kWritten,  ""                                                       },
    {"bind",                               "-b --bind",                            Several,  kWritten,  ""                                                       },
    {"backlog",                            "--backlog",                            Value,    kWritten,  ""                                                       },
    {"workers",                            "-w --workers",                         Value,    kWritten,  ""                                                       },
    {"worker_class",                       "-k --worker-class",                    Value,    kWritten,  ""                                                       },
    {"threads",                            "--threads",                            Value,    kWritten,  ""                                                       },
    {"worker_connections",                 "--worker-connections",                 Value,    kNeedless,
     "server.max_connections is 65536, for all workers"                                                                                                          },
    {"max_requests",                       "--max-requests",                       Value,    kWritten,  ""                                                       },
    {"max_requests_jitter",                "--max-requests-jitter",                Value,    kWritten,  ""                                                       },
    {"timeout",                            "-t --timeout",                         Value,    kWritten,  ""                                                       },
    {"graceful_timeout",                   "--graceful-timeout",                   Value,    kWritten,  ""                                                       },
    {"keepalive",                          "--keep-alive",                         Value,    kWritten,  ""                                                       },
    {"limit_request_line",                 "--limit-request-line",                 Value,    kWritten,  ""                                                       },
    {"limit_request_fields",               "--limit-request-fields",               Value,    kWritten,  ""                                                       },
    {"limit_request_field_size",           "--limit-request-field_size",           Value,    kWritten,  ""                                                       },
    {"reload",                             "--reload",                             Nothing,  kMissing,  "`bundle reload` after a change"                         },
    {"reload_engine",                      "--reload-engine",                      Value,    kNeedless, "it goes with reload"                                    },
    {"reload_extra_files",                 "--reload-extra-file",                  Several,  kNeedless, "it goes with reload"                                    },
    {"spew",                               "--spew",                               Nothing,  kMissing,
     "the log shows where slow requests stand (app.main.slow_after)"                                                                                             },
    {"check_config",                       "--check-config",                       Nothing,  kNeedless, "`bundle check` does that"                               },
    {"print_config",                       "--print-config",                       Nothing,  kNeedless, "`bundle config` does that"                              },
    {"preload_app",                        "--preload",                            Nothing,  kWritten,  ""                                                       },
    {"sendfile",                           "--no-sendfile",                        Nothing,  kNeedless, "the front sends files"                                  },
    {"reuse_port",                         "--reuse-port",                         Nothing,  kNeedless, "one queue serves all workers"                           },
    {"chdir",                              "--chdir",                              Value,    kWritten,  ""                                                       },
    {"daemon",                             "-D --daemon",                          Nothing,  kMissing,
     "`bundle serve` stays in front; systemd starts it (Type=notify)"                                                                                            },
    {"raw_env",                            "-e --env",                             Several,  kWritten,  ""                                                       },
    {"pidfile",                            "-p --pid",                             Value,    kWritten,  ""                                                       },
    {"worker_tmp_dir",                     "--worker-tmp-dir",                     Value,    kNeedless, "workers have no heartbeat files"                        },
    {"user",                               "-u --user",                            Value,    kWritten,  ""                                                       },
    {"group",                              "-g --group",                           Value,    kWritten,  ""                                                       },
    {"umask",                              "-m --umask",                           Value,    kWritten,  ""                                                       },
    {"initgroups",                         "--initgroups",                         Nothing,  kNeedless, "a user's groups always go with it"                      },
    {"tmp_upload_dir",                     "",                                     FileOnly, kWritten,  ""                                                       },
    {"secure_scheme_headers",              "",                                     FileOnly, kWritten,  ""                                                       },
    {"forwarded_allow_ips",                "--forwarded-allow-ips",                Value,    kWritten,  ""                                                       },
    {"accesslog",                          "--access-logfile",                     Value,    kWritten,  ""                                                       },
    {"disable_redirect_access_to_syslog",  "--disable-redirect-access-to-syslog",  Nothing,  kNeedless,
     kSyslog                                                                                                                                                     },
    {"access_log_format",                  "--access-logformat",                   Value,    kWritten,  ""                                                       },
    {"errorlog",                           "--error-logfile --log-file",           Value,    kWritten,  ""                                                       },
    {"loglevel",                           "--log-level",                          Value,    kWritten,  ""                                                       },
    {"capture_output",                     "--capture-output",                     Nothing,  kWritten,  ""                                                       },
    {"logger_class",                       "--logger-class",                       Value,    kMissing,  kLogging                                                 },
    {"logconfig",                          "--log-config",                         Value,    kWritten,  ""                                                       },
    {"logconfig_dict",                     "",                                     FileOnly, kMissing,
     "write it as [app.main.logconfig], or as a file .json that logconfig names"                                                                                 },
    {"logconfig_json",                     "--log-config-json",                    Value,    kWritten,  ""                                                       },
    {"syslog_addr",                        "--log-syslog-to",                      Value,    kMissing,  kSyslog                                                  },
    {"syslog",                             "--log-syslog",                         Nothing,  kMissing,  kSyslog                                                  },
    {"syslog_prefix",                      "--log-syslog-prefix",                  Value,    kMissing,  kSyslog                                                  },
    {"syslog_facility",                    "--log-syslog-facility",                Value,    kMissing,  kSyslog                                                  },
    {"enable_stdio_inheritance",           "-R --enable-stdio-inheritance",        Nothing,  kNeedless,
     "it goes with daemon"                                                                                                                                       },
    {"statsd_host",                        "--statsd-host",                        Value,    kWritten,  ""                                                       },
    {"dogstatsd_tags",                     "--dogstatsd-tags",                     Value,    kWritten,  ""                                                       },
    {"statsd_prefix",                      "--statsd-prefix",                      Value,    kWritten,  ""                                                       },
    {"enable_backlog_metric",              "--enable-backlog-metric",              Nothing,  kNeedless,
     "bundle.queue.depth is always told"                                                                                                                         },
    {"proc_name",                          "-n --name",                            Value,    kWritten,  ""                                                       },
    {"default_proc_name",                  "",                                     FileOnly, kNeedless, "server.name is what there is"                           },
    {"pythonpath",                         "--pythonpath",                         Value,    kWritten,  ""                                                       },
    {"paste",                              "--paste --paster",                     Value,    kWritten,  ""                                                       },
    {"on_starting",                        "",                                     Function, kWritten,  kHook                                                    },
    {"on_reload",                          "",                                     Function, kWritten,  kHook                                                    },
    {"when_ready",                         "",                                     Function, kWritten,  kHook                                                    },
    {"pre_fork",                           "",                                     Function, kWritten,  kHook                                                    },
    {"post_fork",                          "",                                     Function, kWritten,  kHook                                                    },
    {"post_worker_init",                   "",                                     Function, kWritten,  kHook                                                    },
    {"worker_int",                         "",                                     Function, kWritten,  kHook                                                    },
    {"worker_abort",                       "",                                     Function, kWritten,  kHook                                                    },
    {"pre_exec",                           "",                                     Function, kMissing,  "bundle has no such hook: an upgrade keeps its processes"},
    {"pre_request",                        "",                                     Function, kWritten,  kHook                                                    },
    {"post_request",                       "",                                     Function, kWritten,  kHook                                                    },
    {"child_exit",                         "",                                     Function, kWritten,  kHook                                                    },
    {"worker_exit",                        "",                                     Function, kWritten,  kHook                                                    },
    {"nworkers_changed",                   "",                                     Function, kWritten,  kHook                                                    },
    {"on_exit",                            "",                                     Function, kWritten,  kHook                                                    },
    {"ssl_context",                        "",                                     Function, kMissing,  "[tls] has profile, ciphers, ciphersuites and groups"    },
    {"proxy_protocol",                     "--proxy-protocol",                     Nothing,  kWritten,  ""                                                       },
    {"proxy_allow_ips",                    "--proxy-allow-from",                   Value,    kWritten,  ""                                                       },
    {"protocol",                           "--protocol",                           Value,    kWritten,  ""                                                       },
    {"uwsgi_allow_ips",                    "--uwsgi-allow-from",                   Value,    kNeedless, "bundle does not speak uwsgi"                            },
    {"certfile",                           "--certfile",                           Value,    kWritten,  ""                                                       },
    {"keyfile",                            "--keyfile",                            Value,    kWritten,  ""                                                       },
    {"ssl_version",                        "--ssl-version",                        Value,    kNeedless, "tls.min_version is 1.2"                                 },
    {"cert_reqs",                          "--cert-reqs",                          Value,    kWritten,  ""                                                       },
    {"ca_certs",                           "--ca-certs",                           Value,    kWritten,  ""                                                       },
    {"suppress_ragged_eofs",               "--suppress-ragged-eofs",               Nothing,  kNeedless, "bundle does so anyway"                                  },
    {"do_handshake_on_connect",            "--do-handshake-on-connect",            Nothing,  kNeedless,
     "tls.handshake_timeout is what there is"                                                                                                                    },
    {"ciphers",                            "--ciphers",                            Value,    kWritten,  ""                                                       },
    {"http_protocols",                     "--http-protocols",                     Value,    kWritten,  ""                                                       },
    {"http2_cleartext",                    "--http2-cleartext",                    Value,    kMissing,
     "listen.protocols may have \"h2\" for proxies that are trusted"                                                                                             },
    {"http2_max_concurrent_streams",       "--http2-max-concurrent-streams",       Value,    kWritten,  ""                                                       },
    {"http2_initial_window_size",          "--http2-initial-window-size",          Value,    kWritten,  ""                                                       },
    {"http2_max_frame_size",               "--http2-max-frame-size",               Value,    kNeedless,
     "bundle takes the usual 16384"                                                                                                                              },
    {"http2_max_header_list_size",         "--http2-max-header-list-size",         Value,    kWritten,  ""                                                       },
    {"raw_paste_global_conf",              "--paste-global",                       Several,  kWritten,  ""                                                       },
    {"permit_obsolete_folding",            "--permit-obsolete-folding",            Nothing,  kMissing,  kStrict                                                  },
    {"strip_header_spaces",                "--strip-header-spaces",                Nothing,  kMissing,  kStrict                                                  },
    {"permit_unconventional_http_method",  "--permit-unconventional-http-method",  Nothing,  kMissing,
     kStrict                                                                                                                                                     },
    {"permit_unconventional_http_version", "--permit-unconventional-http-version", Nothing,
     kMissing,                                                                                          kStrict                                                  },
    {"casefold_http_method",               "--casefold-http-method",               Nothing,  kMissing,  kStrict                                                  },
    {"tolerate_dangerous_framing",         "--tolerate-dangerous-framing",         Nothing,  kMissing,  kStrict                                                  },
    {"forwarder_headers",                  "--forwarder-headers",                  Value,    kMissing,
     "mount in a route sets SCRIPT_NAME"                                                                                                                         },
    {"header_map",                         "--header-map",                         Value,    kWritten,  ""                                                       },
    {"asgi_loop",                          "--asgi-loop",                          Value,    kMissing,  kAsgi                                                    },
    {"asgi_lifespan",                      "--asgi-lifespan",                      Value,    kMissing,  kAsgi                                                    },
    {"asgi_disconnect_grace_period",       "--asgi-disconnect-grace-period",       Value,    kMissing,  kAsgi                                                    },
    {"http_parser",                        "--http-parser",                        Value,    kNeedless, "bundle has one"                                         },
    {"root_path",                          "--root-path",                          Value,    kMissing,  "mount in a route sets SCRIPT_NAME"                      },
    {"dirty_apps",                         "--dirty-app",                          Several,  kMissing,  kDirty                                                   },
    {"dirty_workers",                      "--dirty-workers",                      Value,    kMissing,  kDirty                                                   },
    {"dirty_timeout",                      "--dirty-timeout",                      Value,    kMissing,  kDirty                                                   },
    {"dirty_threads",                      "--dirty-threads",                      Value,    kMissing,  kDirty                                                   },
    {"dirty_graceful_timeout",             "--dirty-graceful-timeout",             Value,    kMissing,  kDirty                                                   },
    {"on_dirty_starting",                  "",                                     Function, kMissing,  kDirty                                                   },
    {"dirty_post_fork",                    "",                                     Function, kMissing,  kDirty                                                   },
    {"dirty_worker_init",                  "",                                     Function, kMissing,  kDirty                                                   },
    {"dirty_worker_exit",                  "",                                     Function, kMissing,  kDirty                                                   },
    {"control_socket",                     "--control-socket",                     Value,    kNeedless,
     "bundle has a socket of its own (control.path)"                                                                                                             },
    {"control_socket_mode",                "--control-socket-mode",                Value,    kNeedless, "control.mode is 0600"                                   },
    {"control_socket_disable",             "--no-control-socket",                  Nothing,  kNeedless,
     "commands to a running bundle need it"                                                                                                                      },
});

// "--name" among "-n --name".
bool has_word(std::string_view words, std::string_view word) {
    while (!words.empty()) {
        const auto space = std::min(words.find(' '), words.size());
        if (words.substr(0, space) == word) return true;
        words.remove_prefix(std::min(space + 1, words.size()));
    }
    return false;
}

}  // namespace

std::span<const GunicornSetting> gunicorn_settings() { return kSettings; }

const GunicornSetting* find_setting(std::string_view name) {
    const auto* const found = std::ranges::find(kSettings, name, &GunicornSetting::name);
    return found == kSettings.end() ? nullptr : found;
}

const GunicornSetting* find_option(std::string_view option) {
    const auto* const found = std::ranges::find_if(kSettings, [&](const GunicornSetting& setting) {
        return has_word(setting.options, option);
    });
    return found == kSettings.end() ? nullptr : found;
}

void GunicornSettings::set(GunicornValue value) {
    const auto before = std::ranges::find(values, value.name, &GunicornValue::name);
    if (before == values.end())
        values.push_back(std::move(value));
    else
        *before = std::move(value);
}

const GunicornValue* GunicornSettings::find(std::string_view name) const {
    const auto found = std::ranges::find(values, name, &GunicornValue::name);
    return found == values.end() ? nullptr : &*found;
}

}  // namespace bundle::imported
