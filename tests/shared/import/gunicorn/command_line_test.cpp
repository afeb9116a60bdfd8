#include "shared/import/gunicorn/command_line.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace bundle::imported {

namespace {

using testing::ElementsAre;
using testing::HasSubstr;

GunicornCommand split(const std::string& text,
                      std::map<std::string, std::string> environment = {}) {
    auto command = read_command_line(text, {"command line", 0}, std::move(environment));
    EXPECT_TRUE(command) << command.error().message;
    return command ? *command : GunicornCommand{};
}

std::string error_of(const std::string& text) {
    const auto command = read_command_line(text, {"command line", 0}, {});
    return command ? "none" : command.error().message;
}

TEST(GunicornCommandLine, OptionsAreWrittenInAllTheWaysThatArgparseTakes) {
    for (const char* text :
         {"gunicorn -w 4 shop:app", "gunicorn -w4 shop:app", "gunicorn --workers 4 shop:app",
          "gunicorn shop:app --workers=4", "python3 -m gunicorn -w 4 shop:app", "-w 4 shop:app",
          "exec /srv/venv/bin/gunicorn -w 4 'shop:app'"}) {
        const GunicornCommand command = split(text);
        EXPECT_EQ(command.application, "shop:app") << text;
        ASSERT_NE(command.settings.find("workers"), nullptr) << text;
        EXPECT_EQ(command.settings.find("workers")->first(), "4") << text;
    }
    EXPECT_EQ(split("/srv/venv/bin/gunicorn a:b").program, "/srv/venv/bin/gunicorn");
}

TEST(GunicornCommandLine, SomeMayBeSaidSeveralTimesAndOthersOnceOnly) {
    const GunicornCommand command =
        split("gunicorn -b :80 -b unix:/run/a.sock --preload -w 1 -w 2 -c conf.py a:b");

    EXPECT_THAT(command.settings.find("bind")->values, ElementsAre(":80", "unix:/run/a.sock"));
    EXPECT_THAT(command.settings.find("workers")->values, ElementsAre("2"));
    EXPECT_EQ(command.settings.find("preload_app")->first(), "True");
    EXPECT_EQ(command.config, "conf.py");
}

TEST(GunicornCommandLine, TheVariableCountsWhereTheCommandLineSaysNothing) {
    const GunicornCommand command =
        split("DEBUG=1 GUNICORN_CMD_ARGS='-w 2 -t 60' gunicorn -w 4 a:b",
              {
                  {"GUNICORN_CMD_ARGS", "-w 8"}
    });

    EXPECT_EQ(command.settings.find("workers")->first(), "4");
    EXPECT_EQ(command.settings.find("timeout")->first(), "60");
    EXPECT_EQ(command.settings.find("timeout")->said.place.file, "GUNICORN_CMD_ARGS");
    EXPECT_EQ(command.environment, (std::map<std::string, std::string>{
                                       {"DEBUG", "1"}
    }));
}

TEST(GunicornCommandLine, AMistakeIsTold) {
    EXPECT_EQ(error_of("gunicorn --wrokers 4 a:b"),
              "command line: gunicorn has no option \"--wrokers\"");
    EXPECT_EQ(error_of("gunicorn a:b -w"), "command line: expected a value behind -w");
    EXPECT_THAT(error_of("gunicorn a:b c:d"), HasSubstr("\"c:d\" is one application too many"));
}

TEST(GunicornCommandLine, AUnitOfSystemdSaysMoreThanItsCommand) {
    const auto command = read_unit_of_systemd(
        "[Unit]\nDescription=shop\n[Service]\nUser=shop\nGroup=www-data\nWorkingDirectory=/srv/"
        "shop\n"
        "Environment=\"A=1 2\" B=3\nExecStart=/srv/venv/bin/gunicorn \\\n    --workers 3 "
        "shop.wsgi\n",
        "shop.service");

    ASSERT_TRUE(command) << command.error().message;
    EXPECT_EQ(command->application, "shop.wsgi");
    EXPECT_EQ(command->user, "shop");
    EXPECT_EQ(command->group, "www-data");
    EXPECT_EQ(command->directory, "/srv/shop");
    EXPECT_EQ(command->environment.at("A"), "1 2");
    EXPECT_EQ(command->settings.find("workers")->said.place.text(), "shop.service:8");
    EXPECT_EQ(command->places.at("User").place.text(), "shop.service:4");
    EXPECT_EQ(command->places.at("WorkingDirectory").place.text(), "shop.service:6");
    EXPECT_EQ(command->places.at("Environment B").place.text(), "shop.service:7");
}

TEST(GunicornCommandLine, WhatStandsBeforeGunicornIsUnderstood) {
    for (const char* text :
         {"pipenv run gunicorn -w 4 shop:app", "poetry run -- gunicorn -w 4 shop:app",
          "uv run --with gevent gunicorn -w 4 shop:app", "ddtrace-run gunicorn -w 4 shop:app",
          "newrelic-admin run-program /srv/venv/bin/gunicorn -w 4 shop:app",
          "cd /srv/app && exec gunicorn -w 4 shop:app", "cd /srv/app; A=1 gunicorn -w 4 shop:app",
          "sh -c 'cd /srv/app && exec gunicorn -w 4 shop:app'",
          "python manage.py migrate && gunicorn -w 4 shop:app",
          "poetry run python -m gunicorn -w 4 shop:app",
          "docker-entrypoint.sh gunicorn -w 4 shop:app"}) {
        const GunicornCommand command = split(text);
        EXPECT_EQ(command.application, "shop:app") << text;
        ASSERT_NE(command.settings.find("workers"), nullptr) << text;
        const bool has_folder = std::string_view(text).find("cd /srv/app") != std::string::npos;
        EXPECT_EQ(command.directory, has_folder ? "/srv/app" : "") << text;
        EXPECT_EQ(command.told.empty(), has_folder) << text;
    }
    EXPECT_EQ(split("cd /srv && . venv/bin/activate && gunicorn a:b").program,
              "/srv/venv/bin/gunicorn");
    EXPECT_EQ(split("gunicorn -e 'A=1;' -e B=2 a:b").settings.find("raw_env")->values.size(), 2U);
}

TEST(GunicornCommandLine, AServerOfAsgiIsRefused) {
    EXPECT_EQ(error_of("uvicorn main:app --port 80"),
              "command line: uvicorn serves ASGI, and bundle serves WSGI applications alone");
}

TEST(GunicornCommandLine, AUnitWithoutACommandIsAnError) {
    EXPECT_EQ(read_unit_of_systemd("[Service]\nUser=a\n", "a.service").error().message,
              "a.service: expected a [Service] with ExecStart=");
}

}  // namespace

}  // namespace bundle::imported
