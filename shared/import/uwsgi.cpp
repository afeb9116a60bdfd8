#include "shared/import/uwsgi.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <functional>

#include "shared/config/option/kinds.hpp"
#include "shared/config/option/routing_checks.hpp"
#include "shared/config/option/text_checks.hpp"
#include "shared/http/token.hpp"
#include "shared/import/gunicorn/values.hpp"
#include "shared/import/nginx/upstreams.hpp"
#include "shared/import/uwsgi_file.hpp"
#include "shared/import/uwsgi_words.hpp"

namespace bundle::imported {

namespace {

constexpr std::array<std::string_view, 3> kIniFiles = {"paste", "ini-paste", "ini-paste-logged"};

class Uwsgi {
  public:
    Uwsgi(const IniSection& section, const std::string& file, Front front, Import& out)
        : section_(section), file_(file), front_(front), out_(out), app_(out.draft.app) {}

    Result<std::vector<std::string>> take() {
        TRY(take_application());
        for (const IniEntry& entry : section_.entries) take_entry(entry, expanded(entry));
        for (const IniEntry& entry : section_.entries)
            if (!out_.findings.tell_of(entry.said())) tell_left_over(entry);
        return binds_;
    }

  private:
    void tell_left_over(const IniEntry& entry) {
        const std::string mark = "%(" + entry.key + ")";
        const bool is_name = std::ranges::any_of(section_.entries, [&](const IniEntry& other) {
            return other.value.find(mark) != std::string::npos;
        });
        if (is_name) return out_.not_needed(entry.said(), "a name that others use");
        out_.not_translated(entry.said(), "bundle does not know it");
    }

    // %d, %n, %(name) and their like; what is unknown stays as it is.
    [[nodiscard]] std::string expanded(const IniEntry& said) const {
        std::string text = said.value;
        const auto path = std::filesystem::absolute(said.place.file);
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
        const IniEntry* said = nullptr;
        for (const std::string_view key : kIniFiles)
            if ((said = find(key)) != nullptr) return take_ini_file(*said);
        for (const char* key : {"module", "wsgi"})
            if (!said) said = find(key);
        if (!said) said = mount();
        for (const char* key : {"wsgi-file", "file"})
            if (!said) said = find(key);
        if (!said)
            return failure(
                fmt::format("{}: expected module = MODULE:APP (or wsgi-file) in [uwsgi]", file_));
        std::string name = expanded(*said);
        if (said->key == "mount") {
            const auto equals = name.find('=');
            if (equals != std::string::npos && name.substr(0, equals) != "/")
                out_.not_translated(said->said(),
                                    "a route with app and mount has a path of its own");
            name = name.substr(std::min(equals + 1, name.size()));
        }
        if (const auto ending = file_ending(*said, name); ending != std::string::npos)
            name = module_of(name, ending, said->said());
        const IniEntry* callable = find("callable");
        if (name.find(':') == std::string::npos) {
            name += ":" + (callable ? expanded(*callable) : std::string("application"));
            if (callable) out_.findings.add(Fate::Translated, callable->said(), "app.main.wsgi");
        }
        return out_.put_application(name, said->said());
    }

    // That of "/"; of several others the first.
    [[nodiscard]] const IniEntry* mount() const {
        const IniEntry* first = nullptr;
        for (const IniEntry& entry : section_.entries)
            if (entry.key == "mount") {
                if (entry.value.starts_with("/=")) return &entry;
                if (!first) first = &entry;
            }
        return first;
    }

    Result<void> take_ini_file(const IniEntry& said) {
        constexpr std::string_view kScheme = "config:";
        std::string name = expanded(said);
        if (name.starts_with(kScheme)) name.erase(0, kScheme.size());
        return out_.put_application(name, said.said(), "paste");
    }

    // Where ".py" stands in "shop/wsgi.py:app"; "my.pyramid" is a module.
    static std::size_t file_ending(const IniEntry& said, const std::string& name) {
        if (said.key == "module" || said.key == "wsgi") return std::string::npos;
        const auto end = std::min(name.find(':'), name.size());
        return std::string_view(name).substr(0, end).ends_with(".py") ? end - 3 : std::string::npos;
    }

    // "shop/wsgi.py" and "/srv/shop/wsgi.py:app" as modules. uWSGI reads the file wherever it lies;
    // bundle needs its folder to import it from.
    std::string module_of(const std::string& name, std::size_t ending, const Said& said) {
        const IniEntry* chdir = find("chdir");
        std::string path = name.substr(0, ending);
        std::string folder = chdir ? expanded(*chdir) : "";
        while (folder.ends_with('/')) folder.pop_back();
        if (path.starts_with('/') && (folder.empty() || !path.starts_with(folder + "/"))) {
            const auto slash = path.rfind('/');
            const std::string own = slash == 0 ? "/" : path.substr(0, slash);
            if (chdir)
                out_.add_to_list(app_, "python_path", own, said);
            else
                out_.put_text(app_, "directory", own, said);
            path.erase(0, slash + 1);
        } else if (path.starts_with('/')) {
            path.erase(0, folder.size() + 1);
        }
        path.erase(0, std::min(path.find_first_not_of('/'), path.size()));
        std::ranges::replace(path, '/', '.');
        return path + name.substr(ending + std::string_view(".py").size());
    }

    void take_entry(const IniEntry& entry, const std::string& value) {
        const std::string& key = entry.key;
        const Said said = entry.said();
        if (const UwsgiAlias* alias = find_uwsgi_alias(key)) return take_alias(*alias, value, said);
        if (const UwsgiWord* word = find_uwsgi_word(key))
            return out_.findings.add(word->fate, said, std::string(word->why));
        if (out_.findings.tell_of(said)) return;  // the application
        if (key == "mount")
            return out_.not_translated(said,
                                       "an application of its own: write it as [app.NAME], and a "
                                       "[[site.route]] with path, app and mount");
        if (key == "module" || key == "wsgi" || key == "wsgi-file" || key == "file" ||
            key == "callable" || std::ranges::find(kIniFiles, key) != kIniFiles.end())
            return out_.contradicted(said, "another line says what the application is");
        if (!take_listener(key, value, said) && !take_of_app(key, value, said))
            take_of_front(key, value, said);
    }

    void take_alias(const UwsgiAlias& alias, const std::string& value, const Said& said) {
        const GunicornValue made{std::string(alias.setting), {value}, said};
        if (alias.setting == "workers" && value == "%k") return take_cores(said);
        // A number that is no number is left to people; cheaper makes it a range.
        if (alias.setting == "workers" && find("cheaper")) return take_cheaper(value, said);
        if (front_ == Front::Imported && is_of_clients(made.name))
            return out_.not_needed(said, "clients met nginx, which says what counts");
        if (!take_of_application(out_, made)) take_of_clients(out_, made);
    }

    void take_cores(const Said& said) {
        out_.put(app_, "workers", "\"auto\"", said);
        out_.differs(said, "\"auto\" is two for each core, and one more");
        if (const IniEntry* cheaper = find("cheaper"))
            out_.not_translated(cheaper->said(), "workers = { min = " + cheaper->value +
                                                     ", max = ... } needs a number of most");
    }

    void take_cheaper(const std::string& most, const Said& said) {
        const auto is_number = [](const std::string& text) {
            return !text.empty() && text.size() < 4 &&
                   text.find_first_not_of("0123456789") == std::string::npos;
        };
        const IniEntry& cheaper = *find("cheaper");
        const std::string least = expanded(cheaper);
        if (!is_number(most) || !is_number(least)) {
            out_.not_translated(cheaper.said(), "workers = { min, max } needs two numbers");
            return out_.not_translated(said, "workers = { min, max } needs two numbers");
        }
        const int max = std::clamp(std::stoi(most), 1, 512),
                  min = std::clamp(std::stoi(least), 1, max);
        out_.put(app_, "workers", fmt::format("{{ min = {}, max = {} }}", min, max), said);
        out_.findings.add(Fate::Translated, cheaper.said(), "app.main.workers");
    }

    bool take_listener(const std::string& key, const std::string& value, const Said& said) {
        constexpr std::array<std::string_view, 7> kHttp = {
            "http",          "http-socket", "https",       "https-socket",
            "http11-socket", "socket",      "uwsgi-socket"};
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
        } else if (key.starts_with("https")) {
            take_tls(address, value, said);
        } else {
            out_.add_listener(address, said);
        }
        return true;
    }

    // "ADDRESS,CERTIFICATE,KEY,CIPHERS,AUTHORITIES"; "!" before the last: clients need a
    // certificate.
    void take_tls(const std::string& address, const std::string& value, const Said& said) {
        std::vector<std::string> parts;
        for (std::string_view rest = value; !rest.empty() && parts.size() < 5;)
            parts.emplace_back(take_list_item(rest));
        if (parts.size() < 3)
            return out_.not_translated(said, "expected https = ADDRESS,CERTIFICATE,KEY");
        const auto known =
            std::ranges::find_if(out_.draft.certificates, [&](const DraftTable& certificate) {
                return certificate.find("certificate")->value == config::toml_string(parts[1]);
            });
        if (known == out_.draft.certificates.end()) {
            const std::size_t before = out_.draft.certificates.size();
            take_of_clients(out_, {"certfile", {parts[1]}, said});
            if (out_.draft.certificates.size() > before)
                take_of_clients(out_, {"keyfile", {parts[2]}, said});
            if (out_.draft.certificates.size() == before) return;
        }
        if (parts.size() > 3) take_of_clients(out_, {"ciphers", {parts[3]}, said});
        if (parts.size() > 4) {
            const bool needs_one = parts[4].starts_with('!');
            take_of_clients(out_, {"ca_certs", {parts[4].substr(needs_one ? 1 : 0)}, said});
            take_of_clients(out_, {"cert_reqs", {needs_one ? "2" : "1"}, said});
        }
        if (DraftTable* listener = out_.add_listener(address, said))
            out_.put(*listener, "tls", "true", said);
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
        } else if (key == "max-worker-lifetime") {
            if (value == "0") return out_.put(app_, "max_age", "\"off\"", said), true;
            put_seconds(out_, app_, "max_age", {key, {value}, said}, {1, 365 * kDay});
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
            if (front_ == Front::None)
                out_.put_text(out_.draft.access_log, "path", "off", said);
            else
                out_.not_needed(said, "nginx's access_log says what counts");
        } else {
            return false;
        }
        return true;
    }

    void take_of_front(const std::string& key, const std::string& value, const Said& said) {
        if (key == "chmod-socket" || key == "chown-socket" || key == "listen" ||
            key == "http-timeout" || key == "socket-timeout")
            out_.not_needed(said, "it is about uWSGI's own socket");
        else if (key == "limit-post")
            take_limit(value, said);
        else if (key == "static-map")
            take_static(value, said);
        else if (key == "add-header")
            take_header(value, said);
        else if (key == "static-expires")
            take_expires(value, said);
    }

    DraftSite& site(const Said& said) {
        if (!out_.draft.sites.empty()) return out_.draft.sites.front();
        DraftSite& made = out_.draft.sites.emplace_back();
        made.own.lines.push_back({"app", "\"main\"", {}, {}, said});
        return made;
    }

    // "X-Frame-Options: DENY"
    void take_header(const std::string& value, const Said& said) {
        const auto colon = std::min(value.find(':'), value.size());
        const std::string name = value.substr(0, colon);
        const auto begin = value.find_first_not_of(" \t", std::min(colon + 1, value.size()));
        if (front_ == Front::Imported)
            return out_.not_translated(said, "write it as headers.append of the [[site]]");
        if (const auto complaint = config::check_changed_field(name))
            return out_.not_translated(said, *complaint);
        if (begin == std::string::npos) return out_.not_needed(said, "an empty field is none");
        out_.add_to_table(site(said).own, "headers.append", name, value.substr(begin), said);
    }

    // "/* 7776000": an expression for paths of files, and seconds.
    void take_expires(const std::string& value, const Said& said) {
        const auto space = std::min(value.find(' '), value.size());
        const std::string files = value.substr(0, space),
                          time = value.substr(std::min(space + 1, value.size()));
        const bool is_all = files == "/*" || files == ".*" || files == "/.*" || files == "*";
        if (!is_all || front_ == Front::Imported)
            return out_.not_translated(said, "expires of a [[site.route]] says it for a path");
        if (number_in(time).value_or(0) == 0)
            return out_.not_translated(said, "it is no number of seconds");
        put_seconds(out_, site(said).own, "expires", {"static-expires", {time}, said},
                    {1, 3650 * kDay});
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
        DraftSite& of_it = site(said);
        DraftTable& route = of_it.route(path, said);
        out_.put_text(route, "directory", value.substr(equals + 1), said);
        if (!route.find("directory")) of_it.routes.pop_back();
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
                                              Front front, Import& out, const ReadFile& read) {
    TRY_ASSIGN(const IniSection section, read_uwsgi(text, file, read, out.findings));
    return Uwsgi(section, file, front, out).take();
}

}  // namespace bundle::imported
