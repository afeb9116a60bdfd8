#include "shared/import/gunicorn/translation.hpp"

#include <sstream>

#include "tests/shared/import/imported.hpp"

namespace bundle::imported {

namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

Import read(const std::string& text, Front front = Front::None) {
    const auto command = read_command_line(text, {"command line", 0}, {});
    EXPECT_TRUE(command) << command.error().message;
    Import out;
    const auto done = import_gunicorn(*command, command->settings, front, out);
    EXPECT_TRUE(done) << done.error().message;
    make_consistent(out);
    return out;
}

TEST(GunicornTranslation, TheApplicationAndItsWorkers) {
    const Config made = config_of(read(
        "/srv/venv/bin/gunicorn --workers 4 --threads 2 --timeout 120 --graceful-timeout 20 "
        "--max-requests 1000 --max-requests-jitter 50 --preload --chdir /srv/shop -e A=1 -e B=2=3 "
        "-u www-data -m 0o27 --pythonpath lib,/srv/lib -n shop shop.wsgi"));
    const AppConfig& app = made.apps.at(0);

    EXPECT_EQ(app.wsgi, "shop.wsgi:application");
    EXPECT_EQ(app.workers, WorkerRange(4));
    EXPECT_EQ(app.threads, 2U);
    EXPECT_EQ(app.request_timeout, 120s);
    EXPECT_EQ(app.graceful_timeout, 20s);
    EXPECT_EQ(app.max_requests, 1000U);
    EXPECT_EQ(app.max_requests_jitter, 50U);
    EXPECT_EQ(app.preload, Preload::Yes);
    EXPECT_EQ(app.directory, "/srv/shop");
    EXPECT_EQ(app.virtualenv, "/srv/venv");
    EXPECT_EQ(app.env.at("B"), "2=3");
    EXPECT_EQ(app.user, "www-data");
    EXPECT_EQ(app.umask, 027U);
    EXPECT_THAT(app.python_path, ElementsAre("/lib", "/srv/lib"));
    EXPECT_EQ(made.server.name, "shop");
}

TEST(GunicornTranslation, WhereItMeetsClientsItselfItsListenersAreTaken) {
    const Config made = config_of(read(
        "gunicorn -b 0.0.0.0:80 -b unix:/run/a.sock -b [::1] --backlog 64 --keep-alive 5 "
        "--limit-request-line 0 --forwarded-allow-ips 10.0.0.1,10.0.0.2 --access-logfile - a:b"));

    ASSERT_EQ(made.listen.size(), 3U);
    EXPECT_EQ(made.listen[0].address, "0.0.0.0:80");
    EXPECT_EQ(made.listen[2].address, "[::1]:8000");
    EXPECT_EQ(made.listen[1].backlog, 64U);
    EXPECT_EQ(made.http.keepalive_timeout, 5s);
    EXPECT_THAT(made.trust.proxies, ElementsAre("10.0.0.1", "10.0.0.2"));
}

TEST(GunicornTranslation, BehindAServerThatIsImportedTooTheyAreNot) {
    const Import imported =
        read("gunicorn -b unix:/run/a.sock --keep-alive 5 --limit-request-fields 50 a:b",
             Front::Imported);

    EXPECT_TRUE(imported.draft.listen.empty());
    EXPECT_TRUE(imported.draft.http.lines.empty());
    EXPECT_THAT(told_of(imported, "--keep-alive", Fate::NotNeeded), HasSubstr("server before it"));
}

TEST(GunicornTranslation, TlsOfItsOwn) {
    const Config made = config_of(read(
        "gunicorn -b :443 --keyfile k.pem --certfile c.pem --ca-certs ca.pem --cert-reqs 2 a:b"));

    EXPECT_TRUE(made.listen.at(0).tls);
    EXPECT_EQ(made.tls.certificates.at(0).key, "/k.pem");
    EXPECT_EQ(made.tls.client_verify, ClientVerify::Require);
    EXPECT_EQ(config_of(read("gunicorn --certfile c.pem --cert-reqs 2 a:b")).tls.client_verify,
              ClientVerify::Off);
}

TEST(GunicornTranslation, AnIniFileOfPasteIsTheApplication) {
    const Import imported = read(
        "gunicorn --chdir /srv/wiki --paste production.ini#site --paste-global db=sqlite:// "
        "--paste-global a=b=c wiki:app");
    const AppConfig app = config_of(imported).apps.at(0);

    EXPECT_EQ(app.wsgi, "");
    EXPECT_EQ(app.paste, "production.ini#site");
    EXPECT_THAT(app.paste_vars, ElementsAre(std::pair("a", "b=c"), std::pair("db", "sqlite://")));
    EXPECT_THAT(told_of(imported, "--paste", Fate::Differs), HasSubstr("app.main.directory"));
    EXPECT_THAT(told_of(imported, "wiki:app", Fate::NotNeeded), HasSubstr("paste"));
}

TEST(GunicornTranslation, WhatIsNoIniFileOfPasteIsAnError) {
    const auto command = read_command_line("gunicorn --paste egg:wiki", {"command line", 0}, {});
    Import out;

    const auto done = import_gunicorn(*command, command->settings, Front::None, out);

    ASSERT_FALSE(done);
    EXPECT_THAT(done.error().message, HasSubstr("it must be the path of an ini file"));
}

TEST(GunicornTranslation, WhatHasNoPlaceIsTold) {
    const Import imported = read(
        "gunicorn -k uvicorn.workers.UvicornWorker --daemon --reload --worker-tmp-dir /dev/shm "
        "a:b");

    EXPECT_THAT(told_of(imported, "-k", Fate::NotTranslated), HasSubstr("ASGI"));
    EXPECT_THAT(told_of(imported, "--daemon", Fate::NotTranslated), HasSubstr("systemd"));
    EXPECT_THAT(told_of(imported, "--worker-tmp-dir", Fate::NotNeeded), HasSubstr("heartbeat"));
}

TEST(GunicornTranslation, EveryLineOfAUnitIsToldByItsOwnPlace) {
    const std::string text = R"([Unit]
After=postgresql.service
[Service]
User=shop
Group=www-data
WorkingDirectory=/srv/shop
EnvironmentFile=/etc/shop.env
Environment="A=1" WEB_CONCURRENCY=2 PORT=80
Environment=B
Environment=
ExecStartPre=/bin/true
ExecStart=/srv/venv/bin/gunicorn --capture-output --group adm -w 3 shop.wsgi
ExecReload=/bin/kill -s HUP $MAINPID
LimitNOFILE=65535
Type=notify
[Install]
WantedBy=multi-user.target
)";
    const auto command = read_unit_of_systemd(text, "a.service");
    ASSERT_TRUE(command) << command.error().message;
    Import out;
    ASSERT_TRUE(import_gunicorn(*command, command->settings, Front::None, out));

    std::size_t line = 0;
    std::istringstream lines(text);
    for (std::string said; std::getline(lines, said);) {
        const Place place{"a.service", ++line};
        const bool is_told = std::ranges::any_of(out.findings.all(), [&](const Finding& finding) {
            return finding.said.place == place;
        });
        EXPECT_EQ(is_told, !said.starts_with('[')) << said;
    }
    EXPECT_THAT(told_of(out, "EnvironmentFile=/etc/shop.env", Fate::NotTranslated),
                HasSubstr("`systemctl edit bundle`: [Service] and, below it, EnvironmentFile="));
    EXPECT_THAT(told_of(out, "After=postgresql.service", Fate::NotTranslated),
                HasSubstr("[Unit] and, below it"));
    EXPECT_THAT(told_of(out, "Group=www-data", Fate::Contradicted), HasSubstr("--group adm"));
    EXPECT_EQ(out.draft.app.find("directory")->said.place.text(), "a.service:6");
    EXPECT_EQ(out.draft.app.find("env")->said.place.text(), "a.service:8");
}

TEST(GunicornTranslation, ThePortOfAContainerIsTakenAnyway) {
    for (const char* port : {"$PORT", "${PORT}", "${PORT:-8000}"}) {
        const Import imported = read(std::string("gunicorn -b 0.0.0.0:") + port + " a:b");
        EXPECT_TRUE(imported.draft.listen.empty()) << port;
        EXPECT_THAT(told_of(imported, "-b", Fate::NotNeeded), HasSubstr("PORT")) << port;
    }
    const Import two = read("gunicorn -b 0.0.0.0:$PORT -b :80 -w $WEB_CONCURRENCY a:b");
    EXPECT_EQ(config_of(two).listen.size(), 1U);
    EXPECT_THAT(told_of(two, "-b", Fate::NotTranslated), HasSubstr("${PORT:-8000}"));
    EXPECT_THAT(told_of(two, "-w", Fate::NotNeeded), HasSubstr("WEB_CONCURRENCY"));
}

TEST(GunicornTranslation, WhatNoListenerHasIsTold) {
    const Import imported = read("gunicorn --backlog 9 -b 0.0.0.0:$PORT a:b");

    EXPECT_THAT(told_of(imported, "--backlog 9", Fate::NotTranslated), HasSubstr("[[listen]]"));
}

TEST(GunicornTranslation, LoggersAndStatsdAreTaken) {
    const Import imported = read("gunicorn --log-config log.ini --statsd-host localhost:8125 a:b");

    EXPECT_EQ(config_of(imported).apps.at(0).logconfig, "/log.ini");
    EXPECT_EQ(config_of(imported).metrics.statsd.address, "127.0.0.1:8125");
    EXPECT_EQ(config_of(read("gunicorn --log-config-json l.json a:b")).apps.at(0).logconfig,
              "/l.json");
}

TEST(GunicornTranslation, EverySettingIsTranslatedNotNeededOrToldWhyNot) {
    constexpr std::size_t kAtLeast = 119;  // of gunicorn's own list

    EXPECT_GE(gunicorn_settings().size(), kAtLeast);
    for (const GunicornSetting& setting : gunicorn_settings()) {
        if (setting.fate != Fate::Translated) {
            EXPECT_FALSE(setting.why.empty()) << setting.name;
            continue;
        }
        const GunicornCommand command = *read_command_line("a:b", {"command line", 0}, {});
        GunicornSettings settings;
        const Said said{
            {"hooks.py", 3},
            std::string(setting.name)
        };
        settings.set({std::string(setting.name), {setting.name == "wsgi_app" ? "a:b" : "1"}, said});
        Import out;
        ASSERT_TRUE(import_gunicorn(command, settings, Front::None, out)) << setting.name;
        make_consistent(out);
        site_text_of(out);
        EXPECT_TRUE(out.findings.tell_of(said)) << setting.name << " is not told";
    }
}

std::string hooks_of(const std::string& file) {
    const GunicornCommand command = *read_command_line("--chdir /srv a:b", {"command line", 0}, {});
    GunicornSettings settings = command.settings;
    settings.set({
        "post_fork", {},
         {{file, 3}, "post_fork"}
    });
    Import out;
    EXPECT_TRUE(import_gunicorn(command, settings, Front::None, out));
    const std::string why = told_of(out, "post_fork", Fate::NotTranslated);
    return why == "nothing" ? config_of(out).apps.at(0).hooks : why;
}

TEST(GunicornTranslation, HooksAreThoseOfTheirModule) {
    EXPECT_EQ(hooks_of("/srv/gunicorn_conf.py"), "gunicorn_conf");
    EXPECT_THAT(hooks_of("/srv/gunicorn.conf.py"), HasSubstr("bundle_hooks"));
    EXPECT_THAT(hooks_of("/etc/gunicorn_conf.py"), HasSubstr("bundle_hooks"));
}

TEST(GunicornTranslation, TheSmallerOfTwoTimesIsTakenAndTheOtherTold) {
    const auto both = [](const std::string& timeout, const std::string& of_nginx) {
        Import out = read("gunicorn --timeout " + timeout + " a:b", Front::Imported);
        const std::string text =
            "server { server_name a; location / { proxy_pass http://127.0.0.1:8000; "
            "proxy_read_timeout " +
            of_nginx + "; } }";
        EXPECT_TRUE(import_nginx("/n",
                                 files_of({
                                     {"/n", text}
        }),
                                 {"127.0.0.1:8000"}, out));
        return out;
    };

    const Import shorter = both("120", "60s");
    EXPECT_EQ(config_of(shorter).apps[0].request_timeout, 60s);
    EXPECT_THAT(told_of(shorter, "--timeout 120", Fate::Contradicted), HasSubstr("/n:1 says 1m"));

    const Import longer = both("30", "60s");
    EXPECT_EQ(config_of(longer).apps[0].request_timeout, 30s);
    EXPECT_THAT(told_of(longer, "proxy_read_timeout", Fate::Contradicted),
                HasSubstr("was taken, from command line"));
}

}  // namespace

}  // namespace bundle::imported
