// bundle(1), from the command table and what no table says.
#include <fmt/format.h>

#include <string_view>

#include "shared/command/command_table.hpp"
#include "shared/config/reference/manual_page.hpp"

namespace bundle {

namespace {

constexpr std::string_view kBegin = R"(## SYNOPSIS

**bundle** VERB [OPTION]...

## DESCRIPTION

**bundle** serves Python WSGI applications. Its front does what nginx is put before gunicorn for: TLS, files, slow clients;
its workers are processes with the interpreter inside. One file, `site.toml`, configures all of it: see
**bundle-site.toml**(5).

Verbs that talk to a running bundle find it by its file, as it was started, or by its socket (`--control`).

## VERBS
)";

constexpr std::string_view kEnd = R"(
## SIGNALS

To the master, which is `bundle serve` itself:

- **`TERM`**: stop, when every request that was accepted has its answer.
- **`INT, QUIT`**: stop now.
- **`HUP`**: reload: read the file again.
- **`TTIN, TTOU`**: one worker more, one less, of each application.
- **`USR1`**: open the logs again, after they were renamed.
- **`USR2`**: upgrade: go on as the bundle that is installed now.

## EXIT STATUS

- **`0`**: well.
- **`1`**: failed at run time.
- **`2`**: wrong usage or configuration.
- **`3`**: a worker could not boot.
- **`4`**: the application could not be loaded.

## FILES

- **`site.toml`**: in the working directory; without `--conf` this one is read,
- **`/etc/bundle/site.toml`**: and where it is not there, this one. The service `bundle` always reads it.
- **`/etc/bundle/NAME.toml`**: is what the service `bundle@NAME` reads.
- **`/run/bundle/control.sock`**: is the control socket of the service `bundle`, `/run/bundle-NAME/control.sock` that of
  `bundle@NAME`.

## ENVIRONMENT

`BUNDLE_` and the names of table and option set an option: `BUNDLE_APP__MAIN__WORKERS=4`. `PORT`, `WEB_CONCURRENCY` and
`FORWARDED_ALLOW_IPS` are honoured where nothing else is said.

## SEE ALSO

**bundle-site.toml**(5), **systemctl**(1), **journalctl**(1)
)";

std::string entry(const ArgumentRow& argument) {
    const bool is_option = !argument.positional && !argument.value.empty();
    return fmt::format("- **`{}{}`**: {}.\n", argument.name, is_option ? " " + argument.value : "",
                       argument.help);
}

std::string entry(const VerbRow& verb) {
    std::string text = fmt::format("\n### bundle {}\n\n{}\n\n", verb.name, verb.help);
    for (const ArgumentRow& argument : verb.arguments)
        if (argument.name != "--help") text += entry(argument);
    return text;
}

}  // namespace

std::string command_manual(const std::vector<VerbRow>& verbs) {
    std::string text(kBegin);
    for (const VerbRow& verb : verbs) text += entry(verb);
    text += kEnd;
    return config::manual_page({"bundle", 1, "web server for Python WSGI applications"}, text);
}

}  // namespace bundle
