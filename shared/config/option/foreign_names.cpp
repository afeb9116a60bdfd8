#include "shared/config/option/foreign_names.hpp"

#include <algorithm>
#include <iterator>

namespace bundle::config {

namespace {

constexpr ForeignName kForeignNames[] = {
  // gunicorn
    {"access_log_format",           "format",            "[log.access]"       },
    {"accesslog",                   "path",              "[log.access]"       },
    {"bind",                        "address",           "[[listen]]"         },
    {"ca_certs",                    "client_ca",         "[tls]"              },
    {"certfile",                    "certificate",       "[[tls.certificate]]"},
    {"chdir",                       "directory",         "[app.NAME]"         },
    {"errorlog",                    "path",              "[log]"              },
    {"forwarded_allow_ips",         "proxies",           "[trust]"            },
    {"keepalive",                   "keepalive_timeout", "[http]"             },
    {"keyfile",                     "key",               "[[tls.certificate]]"},
    {"limit_request_field_size",    "max_header_size",   "[http]"             },
    {"limit_request_fields",        "max_headers",       "[http]"             },
    {"limit_request_line",          "max_request_line",  "[http]"             },
    {"loglevel",                    "level",             "[log]"              },
    {"paste_global_conf",           "paste_vars",        "[app.NAME]"         },
    {"pidfile",                     "pid_file",          "[server]"           },
    {"preload_app",                 "preload",           "[app.NAME]"         },
    {"proc_name",                   "name",              "[server]"           },
    {"proxy_allow_ips",             "proxies",           "[trust]"            },
    {"pythonpath",                  "python_path",       "[app.NAME]"         },
    {"raw_env",                     "env",               "[app.NAME]"         },
    {"statsd_host",                 "address",           "[metrics.statsd]"   },
    {"statsd_prefix",               "prefix",            "[metrics.statsd]"   },
    {"timeout",                     "request_timeout",   "[app.NAME]"         },
    {"worker_connections",          "max_connections",   "[server]"           },
    {"worker_tmp_dir",              "temp_directory",    "[server]"           },
    {"wsgi_app",                    "wsgi",              "[app.NAME]"         },
 // uWSGI
    {"buffer_size",                 "max_head_size",     "[http]"             },
    {"harakiri",                    "request_timeout",   "[app.NAME]"         },
    {"home",                        "virtualenv",        "[app.NAME]"         },
    {"http_socket",                 "address",           "[[listen]]"         },
    {"max_worker_lifetime",         "max_age",           "[app.NAME]"         },
    {"module",                      "wsgi",              "[app.NAME]"         },
    {"processes",                   "workers",           "[app.NAME]"         },
    {"reload_on_rss",               "max_rss",           "[app.NAME]"         },
    {"socket",                      "address",           "[[listen]]"         },
    {"static_map",                  "directory",         "[[site.route]]"     },
    {"uid",                         "user",              "[server]"           },
    {"gid",                         "group",             "[server]"           },
    {"venv",                        "virtualenv",        "[app.NAME]"         },
    {"wsgi_file",                   "wsgi",              "[app.NAME]"         },
 // nginx
    {"add_header",                  "set",               "[site.headers]"     },
    {"alias",                       "directory",         "[[site.route]]"     },
    {"autoindex",                   "listing",           "[[site]]"           },
    {"client_body_timeout",         "body_timeout",      "[http]"             },
    {"client_header_timeout",       "head_timeout",      "[http]"             },
    {"client_max_body_size",        "max_body",          "[http]"             },
    {"error_page",                  "errors",            "[[site]]"           },
    {"large_client_header_buffers", "max_head_size",     "[http]"             },
    {"location",                    "path",              "[[site.route]]"     },
    {"proxy_read_timeout",          "request_timeout",   "[app.NAME]"         },
    {"server_name",                 "hosts",             "[[site]]"           },
    {"server_tokens",               "server_header",     "[http]"             },
    {"set_real_ip_from",            "proxies",           "[trust]"            },
    {"ssl_certificate",             "certificate",       "[[tls.certificate]]"},
    {"ssl_certificate_key",         "key",               "[[tls.certificate]]"},
    {"ssl_client_certificate",      "client_ca",         "[tls]"              },
    {"ssl_protocols",               "min_version",       "[tls]"              },
    {"ssl_verify_client",           "client_verify",     "[tls]"              },
    {"try_files",                   "root",              "[[site]]"           },
    {"worker_processes",            "workers",           "[app.NAME]"         },
};

}  // namespace

std::span<const ForeignName> foreign_names() { return kForeignNames; }

std::optional<ForeignName> our_name_for(std::string_view foreign) {
    const auto same = [](char a, char b) { return a == b || (a == '-' && b == '_'); };
    const auto found = std::ranges::find_if(kForeignNames, [&](const ForeignName& known) {
        return std::ranges::equal(foreign, known.foreign, same);
    });
    if (found == std::end(kForeignNames)) return std::nullopt;
    return *found;
}

}  // namespace bundle::config
