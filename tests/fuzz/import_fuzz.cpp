// Any nginx.conf, uWSGI ini, unit of systemd or JSON of Unit gives an error of a line or more, or a
// site.toml that loads unless there is nothing to serve in it. The first byte says which of them it
// is.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "shared/base/check.hpp"
#include "shared/config/loader.hpp"
#include "shared/import/nginx/nginx.hpp"
#include "shared/import/sources.hpp"
#include "shared/import/unit.hpp"
#include "shared/import/uwsgi.hpp"

namespace {

using namespace bundle;
using namespace bundle::imported;

Result<void> import_as_gunicorn(Result<GunicornCommand> command, Front front, Import& out) {
    TRY_ASSIGN(const GunicornCommand read, std::move(command));
    return import_gunicorn(read, read.settings, front, out);
}

// An application, so that there is one to pass to; no file but this one.
Result<void> import_as_nginx(std::string_view text, Import& out) {
    const Files files{[&](const std::string& path) -> Result<std::string> {
                          if (path == "/n") return std::string(text);
                          return failure("no such file");
                      },
                      [](const std::string&) { return std::vector<std::string>(); }};
    TRY(import_as_gunicorn(read_command_line("a:b", {"command line", 0}, {}), Front::Imported,
                           out));
    return import_nginx("/n", files, {"127.0.0.1:8000"}, out);
}

Result<void> import_text(char kind, std::string_view text, Import& out) {
    switch (kind) {
        case 'c':
            return import_as_gunicorn(read_command_line(text, {"command line", 0}, {}), Front::None,
                                      out);
        case 's':
            return import_as_gunicorn(read_unit_of_systemd(text, "a.service"), Front::None, out);
        case 'u':
            return import_uwsgi(text, "/u.ini", Front::None, out,
                                [&](const std::string&) { return Result<std::string>(text); })
                .map([](auto&&) {});
        case '{':
            return import_unit("{" + std::string(text), "unit.json", out);
        default:
            return import_as_nginx(text, out);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    Import out;

    const auto done = import_text(text.front(), text.substr(1), out);

    if (!done) {
        BUNDLE_CHECK(!done.error().message.empty());
        return 0;
    }
    make_consistent(out);
    static_cast<void>(out.findings.text());
    LoadRequest request;
    request.path = "site.toml";
    request.text = out.draft.text();
    request.folder = "/";
    request.demand = Demand::WellFormed;
    const auto loaded = load_config(request);
    BUNDLE_CHECK(loaded ||
                 loaded.error().message.find("there is nothing to serve") != std::string::npos);
    return 0;
}
