#include "shared/import/sources.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "shared/base/file_text.hpp"
#include "shared/base/log.hpp"
#include "shared/config/option/kinds.hpp"
#include "shared/config/units.hpp"
#include "shared/import/gunicorn/translation.hpp"
#include "shared/import/nginx/nginx.hpp"
#include "shared/import/unit.hpp"
#include "shared/import/uwsgi.hpp"

namespace bundle::imported {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLargestFile = 1 << 20;

bool is_file(const fs::path& path) {
    std::error_code error;
    return fs::is_regular_file(path, error);
}

// With the interpreter that gunicorn would have, else ours.
PythonRunner python_of(const GunicornCommand& command, PythonRunner ours) {
    const fs::path beside = fs::path(command.program).parent_path() / "python";
    if (fs::path(command.program).is_absolute() && is_file(beside)) ours.python = beside;
    return ours;
}

// -c, with "file:" or without; where there is none, gunicorn looks for a file of its own.
Result<std::string> config_path(const GunicornCommand& command, const fs::path& folder) {
    constexpr std::string_view kFile = "file:", kModule = "python:";
    std::string path = command.config;
    if (path.starts_with(kModule))
        return failure(
            fmt::format("{}: {} names a module; name its file", command.said.place.text(), path));
    if (path.starts_with(kFile)) path.erase(0, kFile.size());
    if (!path.empty()) return command.directory.empty() ? path : (folder / path).string();
    const fs::path usual = folder / "gunicorn.conf.py";
    return is_file(usual) ? usual.string() : std::string();
}

Result<GunicornCommand> command_in(const Sources& sources) {
    const std::string& text = sources.gunicorn;
    const bool is_path = text.find_first_of(" \t\n") == std::string::npos &&
                         (text.ends_with(".py") || text.ends_with(".service") ||
                          text.find('/') != std::string::npos);
    if (!is_file(text)) {
        if (is_path) return failure(fmt::format("{}: there is no such file", text));
        std::map<std::string, std::string> around;
        if (const auto more = sources.environment.find("GUNICORN_CMD_ARGS");
            more != sources.environment.end())
            around.insert(*more);
        return read_command_line(text, {"command line", 0}, std::move(around));
    }
    if (text.ends_with(".service")) {
        TRY_ASSIGN(const std::string unit, read_text_file(text, kLargestFile));
        return read_unit_of_systemd(unit, text);
    }
    GunicornCommand command;
    command.config = text;
    command.said = {
        {text, 0},
        text
    };
    return command;
}

struct Gunicorn {
    GunicornCommand command;
    GunicornSettings settings;
};

Result<Gunicorn> read_gunicorn(const Sources& sources) {
    Gunicorn read;
    TRY_ASSIGN(read.command, command_in(sources));
    const fs::path folder =
        read.command.directory.empty() ? fs::current_path() : fs::path(read.command.directory);
    TRY_ASSIGN(const std::string path, config_path(read.command, folder));
    if (!path.empty()) {
        std::error_code error;
        const fs::path where = fs::is_directory(folder, error) ? folder : fs::current_path();
        TRY_ASSIGN(read.settings,
                   read_config_file(python_of(read.command, sources.python), path, where.string()));
    }
    for (const GunicornValue& value : read.command.settings.values) read.settings.set(value);
    return read;
}

void drop_client_verify(Import& out, DraftTable& table) {
    const DraftLine* verify = table.find("client_verify");
    if (!verify) return;
    out.not_translated(verify->said, "there is no tls.client_ca to judge clients' certificates by");
    std::erase_if(table.lines, [](const DraftLine& line) { return line.key == "client_verify"; });
}

}  // namespace

void make_consistent(Import& out) {
    if (!out.draft.tls.find("client_ca")) {
        drop_client_verify(out, out.draft.tls);
        for (DraftSite& site : out.draft.sites) drop_client_verify(out, site.own);
    }
    if (out.draft.certificates.empty()) return;
    for (const DraftTable& listen : out.draft.listen)
        if (listen.find("tls")) return;
    out.differs(out.draft.certificates.front().lines.front().said,
                "no listener speaks TLS, so it is shown to nobody");
}

Result<Import> import_sources(const Sources& sources) {
    Import out;
    const bool has_nginx = !sources.nginx.empty();
    const Files files = files_of_disk();
    std::vector<std::string> binds;
    if (!sources.gunicorn.empty()) {
        TRY_ASSIGN(const Gunicorn gunicorn, read_gunicorn(sources));
        binds = binds_of(gunicorn.settings);
        TRY(import_gunicorn(gunicorn.command, gunicorn.settings,
                            has_nginx ? Front::Imported : Front::None, out));
    }
    if (!sources.uwsgi.empty()) {
        TRY_ASSIGN(const std::string text, files.read(sources.uwsgi));
        TRY_ASSIGN(binds, import_uwsgi(text, sources.uwsgi,
                                       has_nginx ? Front::Imported : Front::None, out, files.read));
    }
    if (!sources.unit.empty()) {
        TRY_ASSIGN(const std::string text, files.read(sources.unit));
        TRY(import_unit(text, sources.unit, out));
    }
    if (has_nginx) TRY(import_nginx(sources.nginx, files, binds, out));
    make_consistent(out);
    return out;
}

}  // namespace bundle::imported
