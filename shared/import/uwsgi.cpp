#include "shared/import/uwsgi.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <functional>

#include "shared/config/option/kinds.hpp"
#include "shared/config/option/text_checks.hpp"
#include "shared/import/gunicorn/values.hpp"
#include "shared/import/ini_file.hpp"
#include "shared/import/nginx/upstreams.hpp"

namespace bundle::imported {

namespace {

// What is only told, by name.
struct Word {
    std::string_view name;
    Fate fate;
    std::string_view why;
};
constexpr std::string_view kAnyway = "bundle does so anyway";
constexpr std::array kWords = std::to_array<Word>({
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
});

// Options of gunicorn with other names.
struct Alias {
    std::string_view name;
    std::string_view setting;
};
constexpr std::array kAliases = std::to_array<Alias>({
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

constexpr std::array<std::string_view, 3> kIniFiles = {"paste", "ini-paste", "ini-paste-logged"};

class Uwsgi {
  public:
    Uwsgi(const IniSection& section, const std::string& file, Front front, Import& out)
        : section_(section), file_(file), front_(front), out_(out), app_(out.draft.app) {}

    Result<std::vector<std::string>> take() {
        TRY(take_application());
        for (const IniEntry& entry : section_.entries) take_entry(entry, expanded(entry.value));
        return binds_;
    }

  private:
    // %d, %n, %(name) and their like; what is unknown stays as it is.
    [[nodiscard]] std::string expanded(std::string text) const {
        const auto path = std::filesystem::absolute(file_);
        const auto replace = [&](std::string_view mark, const std::string& value) {
            for (auto at = text.find(mark); at != std::string::npos && text.size() < 4096;
                 at = text.find(mark, at + value.size()))
                text.replace(at, mark.size(), value);
        };
        replace("%d", path.parent_path().string() + "/");
        replace("%p", path.string());
        replace("%s", path.filename().string());
        replace("%n", path.stem().string());
        if (text.find("%(") == std::string::npos) return text;
        for (const IniEntry& entry : section_.entries)
            if (entry.value.find('%') == std::string::npos)
                replace("%(" + entry.key + ")", entry.value);
        return text;
    }

    [[nodiscard]] const IniEntry* find(std::string_view key) const { return section_.find(key); }

    Result<void> take_application() {
        const IniEntry* callable = find("callable");
        std::string name;
        const IniEntry* said = nullptr;
        for (const std::string_view key : kIniFiles)
            if ((said = find(key)) != nullptr) return take_ini_file(*said);
        for (const char* key : {"module", "wsgi", "mount", "wsgi-file", "file"})
            if ((said = find(key)) != nullptr) {
                name = expanded(said->value);
                break;
            }
        if (!said)
            return failure(
                fmt::format("{}: expected module = MODULE:APP (or wsgi-file) in [uwsgi]", file_));
        if (said->key == "mount") {
            const auto equals = name.find('=');
            if (equals != std::string::npos && name.substr(0, equals) != "/")
                out_.not_translated(said->said(),
                                    "a route with app and mount has a path of its own");
            name = name.substr(std::min(equals + 1, name.size()));
        }
        if (const auto ending = name.find(".py"); ending != std::string::npos)
            name = module_of(name, ending);
        if (name.find(':') == std::string::npos)
            name += ":" + (callable ? expanded(callable->value) : std::string("application"));
        return out_.put_application(name, said->said());
    }

    Result<void> take_ini_file(const IniEntry& said) {
        constexpr std::string_view kScheme = "config:";
        std::string name = expanded(said.value);
        if (name.starts_with(kScheme)) name.erase(0, kScheme.size());
        return out_.put_application(name, said.said(), "paste");
    }

    // "shop/wsgi.py" and "/srv/shop/wsgi.py:app" as modules.
    [[nodiscard]] std::string module_of(const std::string& name, std::size_t ending) const {
        const IniEntry* chdir = find("chdir");
        std::string path = name.substr(0, ending);
        const std::string folder = chdir ? expanded(chdir->value) : "";
        if (!folder.empty() && path.starts_with(folder)) path.erase(0, folder.size());
        if (path.starts_with('/') && folder.empty()) path = path.substr(path.rfind('/'));
        path.erase(0, std::min(path.find_first_not_of('/'), path.size()));
        std::ranges::replace(path, '/', '.');
        return path + name.substr(ending + std::string_view(".py").size());
    }

    void take_entry(const IniEntry& entry, const std::string& value) {
        const std::string& key = entry.key;
        const Said said = entry.said();
        const auto alias = std::ranges::find(kAliases, std::string_view(key), &Alias::name);
        if (alias != kAliases.end()) return take_alias(*alias, value, said);
        if (const auto word = std::ranges::find(kWords, std::string_view(key), &Word::name);
            word != kWords.end())
            return out_.findings.add(word->fate, said, std::string(word->why));
        if (key == "module" || key == "wsgi" || key == "wsgi-file" || key == "file" ||
            key == "mount" || key == "callable" ||
            std::ranges::find(kIniFiles, key) != kIniFiles.end())
            return;
        if (!take_listener(key, value, said) && !take_of_app(key, value, said) &&
            !take_of_front(key, value, said)) {
            const bool is_own = std::ranges::any_of(section_.entries, [&](const IniEntry& other) {
                return other.value.find("%(" + key + ")") != std::string::npos;
            });
            if (!is_own) out_.not_translated(said, "bundle does not know it");
        }
    }

    void take_alias(const Alias& alias, const std::string& value, const Said& said) {
        // A number that is no number is left to people; cheaper makes it a range.
        if (alias.setting == "workers" && find("cheaper")) return take_cheaper(value, said);
        const GunicornValue made{std::string(alias.setting), {value}, said};
        if (!take_of_application(out_, made)) take_of_clients(out_, made);
    }

    void take_cheaper(const std::string& most, const Said& said) {
        const auto is_number = [](const std::string& text) {
            return !text.empty() && text.size() < 4 &&
                   text.find_first_not_of("0123456789") == std::string::npos;
        };
        const std::string least = find("cheaper")->value;
        if (!is_number(most) || !is_number(least))
            return out_.not_translated(said, "it is no number");
        const int max = std::clamp(std::stoi(most), 1, 512),
                  min = std::clamp(std::stoi(least), 1, max);
        out_.put(app_, "workers", fmt::format("{{ min = {}, max = {} }}", min, max), said);
    }

    bool take_listener(const std::string& key, const std::string& value, const Said& said) {
        constexpr std::array<std::string_view, 6> kHttp = {
            "http", "http-socket", "https", "http11-socket", "socket", "uwsgi-socket"};
        if (std::ranges::find(kHttp, key) == kHttp.end()) return false;
        std::string address = value.substr(0, value.find(','));
        if (address.starts_with('/')) address = "unix:" + address;
        if (address.starts_with(':')) address = "0.0.0.0" + address;
        if (!address.starts_with("unix:") && address.find(':') == std::string::npos)
            address = "unix:" + address;
        binds_.push_back(local_address(address));
        if (front_ == Front::Imported) {
            out_.not_needed(said, "the application's workers take requests from bundle itself");
        } else if (key.find("http") == std::string::npos) {
            out_.not_translated(
                said, "bundle speaks HTTP, not uwsgi; import the nginx.conf before it, too");
        } else if (key == "https") {
            out_.not_translated(said, "write [[listen]] with tls = true, and [[tls.certificate]]");
        } else {
            out_.add_listener(address, said);
        }
        return true;
    }

    bool take_of_app(const std::string& key, const std::string& value, const Said& said) {
        if (key == "home" || key == "virtualenv" || key == "venv" || key == "pyhome") {
            out_.put_text(app_, "virtualenv", value, said);
        } else if (key == "pythonpath" || key == "python-path" || key == "pp") {
            out_.add_to_list(app_, "python_path", value, said);
        } else if (key == "env") {
            take_of_application(out_, {"raw_env", {value}, said});
        } else if (key == "lazy-apps" || key == "lazy") {
            out_.put(app_, "preload", value == "false" ? "\"auto\"" : "false", said);
        } else if (key == "cheaper") {
            if (!find("processes") && !find("workers"))
                out_.not_translated(said, "it goes with processes");
        } else if (key == "reload-on-rss" || key == "reload-on-as") {
            const bool is_number = !value.empty() && value.size() < 7 &&
                                   value.find_first_not_of("0123456789") == std::string::npos &&
                                   std::stoi(value) > 0;
            if (is_number)
                out_.put(app_, "max_rss", fmt::format("\"{}M\"", std::stoi(value)), said);
            else
                out_.not_translated(said, "it is no number of megabytes");
        } else if (key == "logto" || key == "logto2") {
            out_.put_text(out_.draft.log, "path", value, said);
        } else if (key == "disable-logging") {
            if (front_ == Front::None) out_.put_text(out_.draft.access_log, "path", "off", said);
        } else {
            return false;
        }
        return true;
    }

    bool take_of_front(const std::string& key, const std::string& value, const Said& said) {
        if (key == "chmod-socket" || key == "chown-socket" || key == "listen" ||
            key == "http-timeout" || key == "socket-timeout") {
            out_.not_needed(said, "it is about uWSGI's own socket");
        } else if (key == "limit-post") {
            take_limit(value, said);
        } else if (key == "static-map") {
            take_static(value, said);
        } else {
            return false;
        }
        return true;
    }

    void take_limit(const std::string& value, const Said& said) {
        if (front_ == Front::Imported)
            return out_.contradicted(
                said, "nginx's client_max_body_size, 1M unless said, came first, and was taken");
        if (value.empty() || value.size() > 15 ||
            value.find_first_not_of("0123456789") != std::string::npos)
            return out_.not_translated(said, "it is no number of bytes");
        out_.put(out_.draft.http, "max_body",
                 value == "0" ? "\"unlimited\"" : std::to_string(std::stoull(value)), said);
    }

    // /static=/srv/shop/static
    void take_static(const std::string& value, const Said& said) {
        const auto equals = value.find('=');
        const std::string path = value.substr(0, equals);
        if (equals == std::string::npos || !path.starts_with('/'))
            return out_.not_translated(said, "it is no /path=/folder");
        if (!out_.can_have_route(path, said)) return;
        if (front_ == Front::Imported)
            return out_.not_translated(said, "write it as a route with directory");
        if (out_.draft.sites.empty()) {
            DraftSite& site = out_.draft.sites.emplace_back();
            site.own.lines.push_back({"app", "\"main\"", {}, {}, said});
        }
        DraftTable& route = out_.draft.sites.front().route(path, said);
        out_.put_text(route, "directory", value.substr(equals + 1), said);
        if (!route.find("directory")) out_.draft.sites.front().routes.pop_back();
    }

    const IniSection& section_;
    const std::string& file_;
    Front front_;
    Import& out_;
    DraftTable& app_;
    std::vector<std::string> binds_;
};

}  // namespace

Result<std::vector<std::string>> import_uwsgi(std::string_view text, const std::string& file,
                                              Front front, Import& out) {
    TRY_ASSIGN(const IniFile read, read_ini(text, file, IniStyle::Uwsgi));
    const IniSection* section = read.find("uwsgi");
    if (!section) return failure(fmt::format("{}: expected a section [uwsgi]", file));
    return Uwsgi(*section, file, front, out).take();
}

}  // namespace bundle::imported
