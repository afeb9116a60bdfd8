#include "shared/import/uwsgi.hpp"

#include "tests/shared/import/imported.hpp"

namespace bundle::imported {

namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

Import read(const std::string& keys, Front front = Front::None) {
    Import out;
    const auto done = import_uwsgi("[uwsgi]\n" + keys, "/srv/shop/uwsgi.ini", front, out);
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

TEST(Uwsgi, AnIniFileOfPasteIsTheApplication) {
    for (const char* keys : {"paste = config:/srv/site.ini\npaste-logger = true\n",
                             "ini-paste = /srv/site.ini\n", "ini-paste-logged = %d../site.ini\n"})
        EXPECT_THAT(config_of(read(keys)).apps[0].paste, HasSubstr("/site.ini")) << keys;
}

TEST(Uwsgi, BehindNginxItsSocketIsWhatNginxPassesTo) {
    Import out;
    const auto binds = import_uwsgi("[uwsgi]\nmodule = a:b\nsocket = /run/a.sock\nlimit-post = 5\n",
                                    "u.ini", Front::Imported, out);
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
    EXPECT_THAT(import_uwsgi("[uwsgi]\n", "u.ini", Front::None, out).error().message,
                HasSubstr("u.ini: expected module ="));
    EXPECT_THAT(import_uwsgi("[other]\n", "u.ini", Front::None, out).error().message,
                HasSubstr("expected a section [uwsgi]"));
}

}  // namespace

}  // namespace bundle::imported
