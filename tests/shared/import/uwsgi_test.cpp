#include "shared/import/uwsgi.hpp"

#include "tests/shared/import/imported.hpp"

namespace bundle::imported {

namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

Import read(const std::string& keys, Front front = Front::None, const Texts& texts = {}) {
    Import out;
    const auto done =
        import_uwsgi("[uwsgi]\n" + keys, "/srv/shop/uwsgi.ini", front, out, files_of(texts).read);
    EXPECT_TRUE(done) << done.error().message;
    return out;
}

TEST(Uwsgi, TheCommonPartsAreTaken) {
    const Import imported = read(
        "base = /srv/shop\nmodule = shop.wsgi\nchdir = %(base)/code\nhome = %d.venv\nhttp = :8080\n"
        "processes = 8\ncheaper = 2\nthreads = 2\nharakiri = 60\nmax-requests = 500\nreload-on-rss "
        "= "
        "200\nlimit-post = 1048576\nstatic-map = /static=/srv/shop/static\nenv = A=1\nuid = "
        "www-data\n"
        "master = true\nstats = :9191\nno-such = 1\nlazy-apps = true\n");
    const Config made = config_of(imported);
    const AppConfig& app = made.apps.at(0);

    EXPECT_EQ(app.wsgi, "shop.wsgi:application");
    EXPECT_EQ(app.directory, "/srv/shop/code");
    EXPECT_EQ(app.virtualenv, "/srv/shop/.venv");
    EXPECT_EQ(app.workers, WorkerRange(2, 8));
    EXPECT_EQ(app.threads, 2U);
    EXPECT_EQ(app.request_timeout, 60s);
    EXPECT_EQ(app.max_rss, 200_MiB);
    EXPECT_EQ(app.preload, Preload::No);
    EXPECT_EQ(app.env.at("A"), "1");
    EXPECT_EQ(made.http.max_body, 1_MiB);
    EXPECT_EQ(made.listen.at(0).address, "0.0.0.0:8080");
    EXPECT_EQ(made.sites.at(0).routes.at(0).directory, "/srv/shop/static");
    EXPECT_THAT(told_of(imported, "stats", Fate::NotTranslated), HasSubstr("[admin]"));
    EXPECT_THAT(told_of(imported, "no-such", Fate::NotTranslated), HasSubstr("does not know it"));
    EXPECT_EQ(told_of(imported, "base", Fate::NotTranslated), "nothing");
}

TEST(Uwsgi, AFileIsAModule) {
    EXPECT_EQ(config_of(read("wsgi-file = shop/wsgi.py\ncallable = app\n")).apps[0].wsgi,
              "shop.wsgi:app");
    EXPECT_EQ(config_of(read("chdir = /srv\nwsgi-file = /srv/shop/wsgi.py\n")).apps[0].wsgi,
              "shop.wsgi:application");
    EXPECT_EQ(config_of(read("mount = /=shop:app\n")).apps[0].wsgi, "shop:app");
}

TEST(Uwsgi, AFileOutsideOfTheWorkingDirectoryIsImportedFromItsFolder) {
    const AppConfig alone = config_of(read("wsgi-file = /srv/x/wsgi.py\n")).apps[0];
    EXPECT_EQ(alone.wsgi, "wsgi:application");
    EXPECT_EQ(alone.directory, "/srv/x");

    const AppConfig other =
        config_of(read("chdir = /srv/x\nwsgi-file = /srv/xy/wsgi.py\n")).apps[0];
    EXPECT_EQ(other.wsgi, "wsgi:application");
    EXPECT_EQ(other.directory, "/srv/x");
    EXPECT_THAT(other.python_path, ElementsAre("/srv/xy"));
    EXPECT_EQ(config_of(read("module = my.pyramid:app\n")).apps[0].wsgi, "my.pyramid:app");
}

// Each line of what was read, and how often it is told of.
void expect_every_line_told(const std::string& keys, Front front = Front::None) {
    const Import imported = read(keys, front,
                                 {
                                     {"/srv/shop/base.ini", "[uwsgi]\nthreads = 2\n"}
    });
    const auto lines = static_cast<std::size_t>(std::ranges::count(keys, '\n'));
    for (std::size_t line = 2; line < lines + 2; ++line) {
        const Place place{"/srv/shop/uwsgi.ini", line};
        EXPECT_TRUE(std::ranges::any_of(
            imported.findings.all(),
            [&](const Finding& finding) { return finding.said.place == place; }))
            << "line " << line << " of\n"
            << keys;
    }
    config_of(imported);
}

TEST(Uwsgi, EveryLineIsTold) {
    const std::string keys =
        "base = /srv\nmodule = shop.wsgi\nwsgi = other\nwsgi-file = x.py\ncallable = app\n"
        "mount = /api=api.wsgi:app\nprocesses = %k\ncheaper = 2\ncheaper-initial = 3\n"
        "chdir = %(base)\nmax-worker-lifetime = 3600\nadd-header = X-A: b\nadd-header = x\n"
        "static-expires = /* 60\nstatic-expires = ^/a 60\nini = %dbase.ini\nini = none.ini\n"
        "https = :8443,a.crt,a.key\nhttps = :1\nif-env = A\nendif =\nprint = x\n"
        "disable-logging = true\nroute = ^/old redirect:/new\nevil-typo = 3\nmanage-script-name\n"
        "http-keepalive = 5\nsocket = /run/a.sock\nenv = A=1\nenv = B\nthreads =\numask =\n";

    expect_every_line_told(keys);
    expect_every_line_told(keys, Front::Imported);
    expect_every_line_told("module = a:b\ncallable = c\nprocesses = 8\ncheaper = 2\n");
    expect_every_line_told("module = a:b\nprocesses = 8\ncheaper = x\nmodule = c:d\n");
    expect_every_line_told("mount = /a=a:b\nmount = /=c:d\ncheaper = 1\n");
}

TEST(Uwsgi, MoreOfItsOptionsAreTaken) {
    const Import imported = read(
        "module = a:b\nhttps = :8443,/e/a.crt,/e/a.key,HIGH,!/e/ca.pem\nprocesses = %k\n"
        "max-worker-lifetime = 3600\nadd-header = X-A: b c\nstatic-expires = /* 7776000\n"
        "ini = base.ini\nmount = /api=api:app\n",
        Front::None,
        {
            {"/srv/shop/base.ini", "[uwsgi]\nharakiri = 7\n"}
    });
    const Config made = config_of(imported);

    EXPECT_TRUE(made.listen.at(0).tls);
    EXPECT_EQ(made.listen.at(0).address, "0.0.0.0:8443");
    EXPECT_EQ(made.tls.certificates.at(0).key, "/e/a.key");
    EXPECT_EQ(made.tls.client_verify, ClientVerify::Require);
    EXPECT_EQ(made.tls.client_ca, "/e/ca.pem");
    EXPECT_EQ(made.apps.at(0).max_age, 1h);
    EXPECT_EQ(made.apps.at(0).request_timeout, 7s);
    EXPECT_EQ(made.sites.at(0).scope.headers.append.at("X-A"), "b c");
    EXPECT_EQ(made.sites.at(0).files.expires, 7776000s);
    EXPECT_EQ(imported.draft.app.find("workers")->value, "\"auto\"");
    EXPECT_EQ(told_of(imported, "harakiri", Fate::Translated), "app.main.request_timeout");
    EXPECT_THAT(told_of(imported, "mount", Fate::NotTranslated), HasSubstr("[app.NAME]"));
}

TEST(Uwsgi, AFileThatNamesItselfEnds) {
    const Import imported =
        read("module = a:b\nini = a.ini\n", Front::None,
             {
                 {"a.ini", "[uwsgi]\nini = a.ini\nini = a.ini\nthreads = 3\n"}
    });

    EXPECT_EQ(config_of(imported).apps.at(0).threads, 3U);
    EXPECT_THAT(told_of(imported, "ini", Fate::NotTranslated), HasSubstr("name each other"));
}

TEST(Uwsgi, AnIniFileOfPasteIsTheApplication) {
    for (const char* keys : {"paste = config:/srv/site.ini\npaste-logger = true\n",
                             "ini-paste = /srv/site.ini\n", "ini-paste-logged = %d../site.ini\n"})
        EXPECT_THAT(config_of(read(keys)).apps[0].paste, HasSubstr("/site.ini")) << keys;
}

TEST(Uwsgi, BehindNginxItsSocketIsWhatNginxPassesTo) {
    Import out;
    const auto binds = import_uwsgi("[uwsgi]\nmodule = a:b\nsocket = /run/a.sock\nlimit-post = 5\n",
                                    "u.ini", Front::Imported, out, files_of({}).read);
    ASSERT_TRUE(binds);
    EXPECT_THAT(*binds, ElementsAre("unix:/run/a.sock"));

    const auto done = import_nginx("/n",
                                   files_of({
                                       {"/n",
                                        "server { server_name a; location / { include "
                                        "uwsgi_params; uwsgi_pass unix:/run/a.sock; } }"}
    }),
                                   *binds, out);

    ASSERT_TRUE(done) << done.error().message;
    EXPECT_EQ(config_of(out).sites.at(0).app, "main");
    EXPECT_EQ(config_of(out).http.max_body, 1_MiB);
    EXPECT_THAT(told_of(out, "limit-post", Fate::Contradicted), HasSubstr("client_max_body_size"));
}

TEST(Uwsgi, WithoutAnApplicationItSaysSo) {
    Import out;
    EXPECT_THAT(
        import_uwsgi("[uwsgi]\n", "u.ini", Front::None, out, files_of({}).read).error().message,
        HasSubstr("u.ini: expected module ="));
    EXPECT_THAT(
        import_uwsgi("[other]\n", "u.ini", Front::None, out, files_of({}).read).error().message,
        HasSubstr("expected a section [uwsgi]"));
}

}  // namespace

}  // namespace bundle::imported
