#include "shared/import/gunicorn/translation.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>

#include "shared/config/access_format.hpp"
#include "shared/config/option/kinds.hpp"
#include "shared/config/option/text_checks.hpp"
#include "shared/config/statsd_address.hpp"
#include "shared/import/gunicorn/values.hpp"
#include "shared/import/nginx/upstreams.hpp"

namespace bundle::imported {

namespace {

namespace fs = std::filesystem;

class Translation {
  public:
    Translation(const GunicornCommand& command, const GunicornSettings& settings, Front front,
                Import& out)
        : command_(command), settings_(settings), front_(front), out_(out), app_(out.draft.app) {}

    Result<void> take() {
        TRY(take_application());
        for (const Finding& told : command_.told)
            out_.findings.add(told.fate, told.said, told.word);
        take_places();
        // In the order of the table, for some need others: a key comes behind its certificate.
        for (const GunicornSetting& setting : gunicorn_settings())
            if (const GunicornValue* value = settings_.find(setting.name))
                take_value(setting, *value);
        take_environment();
        if (front_ == Front::None) take_listeners();
        for (const GunicornValue& value : settings_.values)
            if (!out_.findings.tell_of(value.said))
                out_.not_needed(value.said, "it is off, or empty");
        return {};
    }

  private:
    Result<void> take_application() {
        const GunicornValue* said = settings_.find("wsgi_app");
        const GunicornValue* paste = settings_.find("paste");
        const std::string name = !command_.application.empty() ? command_.application
                                 : said                        ? said->first()
                                                               : "";
        const Said from =
            command_.application.empty() && said ? said->said : Said{command_.said.place, name};
        if (paste) return take_paste(*paste, name.empty() ? nullptr : &from);
        if (name.empty())
            return failure(fmt::format(
                "{}: it does not say which application: MODULE:APP; write it behind "
                "the command: --gunicorn \"gunicorn -c {} MODULE:APP\"",
                command_.said.place.text(), command_.config.empty() ? "FILE" : command_.config));
        // With a mere module gunicorn takes "application".
        const bool has_callable = name.find(':') != std::string::npos;
        return out_.put_application(has_callable ? name : name + ":application", from);
    }

    // `other` is a module that is named, too.
    Result<void> take_paste(const GunicornValue& paste, const Said* other) {
        if (other) out_.not_needed(*other, "gunicorn takes the application of paste");
        if (settings_.find("chdir") && !paste.first().starts_with('/'))
            out_.differs(paste.said, "a relative path begins at app.main.directory");
        return out_.put_application(paste.first(), paste.said, "paste");
    }

    // Of a unit, and of the program: /srv/shop/venv/bin/gunicorn.
    void take_places() {
        take_place("WorkingDirectory", command_.directory, "directory", "chdir");
        const fs::path program(command_.program);
        const fs::path environment = program.parent_path().parent_path();
        const bool is_system = environment.empty() || environment == "/" || environment == "/usr" ||
                               environment == "/usr/local";
        if (program.is_absolute() && !is_system)
            out_.put_text(app_, "virtualenv", environment.string(),
                          {command_.said.place, command_.program});
        take_place("User", command_.user, "user", "user");
        take_place("Group", command_.group, "group", "group");
    }

    // `setting` of gunicorn has authority over it.
    void take_place(const std::string& name, const std::string& value, const char* key,
                    const char* setting) {
        const Said said = said_of(name, name + "=" + value);
        if (const GunicornValue* other = settings_.find(setting); other && !value.empty())
            out_.contradicted(said, other->said.words + " was taken");
        else if (!value.empty())
            out_.put_text(app_, key, value, said);
        else if (command_.places.contains(name))
            out_.not_needed(said, "it is empty");
    }

    void take_environment() {
        for (const auto& [name, value] : command_.environment) {
            const Said said = said_of("Environment " + name, name + "=" + value);
            if (name == "PORT")
                out_.not_needed(said, "where the environment has PORT, bundle takes it, too");
            else if (name != "WEB_CONCURRENCY")
                out_.add_to_table(app_, "env", name, value, said);
            else if (settings_.find("workers"))
                out_.contradicted(said, settings_.find("workers")->said.words + " was taken");
            else
                put_count(app_, "workers", {name, {value}, said}, {1, 512});
        }
    }

    // Where that is said, or the command line.
    [[nodiscard]] Said said_of(const std::string& name, const std::string& words) const {
        const auto found = command_.places.find(name);
        return found == command_.places.end() ? Said{command_.said.place, words} : found->second;
    }

    void take_value(const GunicornSetting& setting, const GunicornValue& value) {
        const bool is_unset = setting.takes == Takes::Nothing &&
                              (value.first() == "False" || value.first() == "None");
        if (setting.fate != Fate::Translated) {
            if (!is_unset) out_.findings.add(setting.fate, value.said, std::string(setting.why));
            return;
        }
        if (setting.takes == Takes::Function) return take_hook(value);
        if (take_of_application(out_, value)) return;
        if (front_ == Front::Imported && is_of_clients(value.name))
            return out_.not_needed(value.said,
                                   "clients met the server before it, which says what counts");
        take_of_clients(out_, value);
    }

    // Its file can be named as a module where it lies in the folder that modules are looked for in.
    void take_hook(const GunicornValue& value) {
        const fs::path file = fs::absolute(value.said.place.file).lexically_normal();
        const GunicornValue* chdir = settings_.find("chdir");
        const std::string named = chdir ? chdir->first() : command_.directory;
        const fs::path folder = fs::absolute(named.empty() ? "." : named).lexically_normal();
        const std::string module = file.stem().string();
        const bool is_there = file.parent_path() == folder || file.parent_path() / "" == folder;
        if (!is_there || config::check_wsgi(module) || module.find('.') != std::string::npos)
            return out_.not_translated(
                value.said,
                "a hook needs a module: move it to bundle_hooks.py in app.main.directory and "
                "write hooks = \"bundle_hooks\"");
        out_.put_text(app_, "hooks", module, value.said);
    }

    void take_listeners() {
        const GunicornValue* binds = settings_.find("bind");
        const GunicornValue* backlog = settings_.find("backlog");
        const GunicornValue* certificate = settings_.find("certfile");
        if (!binds && !backlog && !certificate && !settings_.find("proxy_protocol")) return;
        const bool is_alone = !binds || binds->values.size() < 2;
        for (const std::string& bind :
             binds ? binds->values : std::vector<std::string>{"127.0.0.1:8000"})
            if (bind.find(":$") != std::string::npos)
                take_port(bind, *binds, is_alone && !certificate);
            else
                add_listener(bind, binds ? binds->said : command_.said, backlog,
                             certificate != nullptr);
        for (const GunicornValue* value : {backlog, settings_.find("proxy_protocol")})
            if (value && value->first() != "False" && !out_.findings.tell_of(value->said))
                out_.not_translated(value->said, "write it into the [[listen]] that is missing");
    }

    // "0.0.0.0:$PORT", "0.0.0.0:${PORT:-8000}".
    void take_port(const std::string& bind, const GunicornValue& binds, bool is_default) {
        const auto port = bind.find(":$");
        const std::string host = bind.substr(0, port),
                          name = bind.substr(port + (bind.substr(port).starts_with(":${") ? 3 : 2));
        const bool is_everywhere = host.empty() || host == "0.0.0.0" || host == "[::]";
        if (is_default && is_everywhere && name.starts_with("PORT"))
            return out_.not_needed(binds.said,
                                   "where the environment has PORT, bundle takes it, too");
        out_.not_translated(binds.said,
                            "write it as the address of a [[listen]], such as "
                            "\"0.0.0.0:${PORT:-8000}\"");
    }

    void add_listener(const std::string& bind, const Said& said, const GunicornValue* backlog,
                      bool has_tls) {
        const std::string address = listen_address_of(bind);
        DraftTable* added = out_.add_listener(address, said);
        if (!added) return;
        DraftTable& table = *added;
        if (backlog) put_count(table, "backlog", *backlog, {1, 65535});
        if (has_tls && !out_.draft.certificates.empty())
            out_.put(table, "tls", "true", settings_.find("certfile")->said);
        const GunicornValue* proxy = settings_.find("proxy_protocol");
        const bool wants_proxy = proxy && proxy->first() != "False" && proxy->first() != "off";
        if (!wants_proxy) return;
        if (!out_.draft.trust.find("proxies") || address.starts_with("unix:"))
            return out_.not_translated(proxy->said,
                                       "proxy_protocol needs trust.proxies: who may speak it");
        out_.put(table, "proxy_protocol", "true", proxy->said);
    }

    void put_count(DraftTable& table, std::string_view key, const GunicornValue& value,
                   CountRange range) {
        bundle::imported::put_count(out_, table, key, value, range);
    }

    const GunicornCommand& command_;
    const GunicornSettings& settings_;
    Front front_;
    Import& out_;
    DraftTable& app_;
};

}  // namespace

std::vector<std::string> binds_of(const GunicornSettings& settings) {
    const GunicornValue* binds = settings.find("bind");
    if (!binds) return {"127.0.0.1:8000"};
    std::vector<std::string> addresses;
    for (const std::string& bind : binds->values)
        addresses.push_back(local_address(listen_address_of(bind)));
    return addresses;
}

Result<void> import_gunicorn(const GunicornCommand& command, const GunicornSettings& settings,
                             Front front, Import& out) {
    return Translation(command, settings, front, out).take();
}

}  // namespace bundle::imported
