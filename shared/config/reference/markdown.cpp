#include "shared/config/reference/markdown.hpp"

#include <fmt/format.h>

#include <string_view>

#include "shared/config/option/description.hpp"

namespace bundle::config {

namespace {

constexpr std::string_view kIntroduction = R"(# Reference of site.toml

<!-- Generated: bundle reference --markdown > conf/reference.md -->

The smallest file serves a WSGI application on 127.0.0.1:8000:

```toml
[app.main]
wsgi = "hello:app"
```

`bundle check --conf site.toml` tells everything that is wrong with a file, `bundle config --origins` prints every
option with its value and where that comes from.

## Rules

- **Durations** are written `"250ms"`, `"30s"`, `"5m"`, `"12h"`, `"30d"`, or as a number of seconds.
- **Sizes** are written `"64K"`, `"10M"`, `"1G"`, `"1T"` (of 1024), or as a number of bytes.
- **Modes** are octal digits in quotes: `"0660"`.
- `"off"` and `"unlimited"` are words; 0 never means that there is no limit.
- **Relative paths** begin at the folder of the file that says them; those of the environment and of `--set` at the
  folder of the main file.
- **Unknown** keys and tables are errors.

A later source has authority over those before it:

1. defaults;
2. the file. `include = ["conf.d/*.toml"]` at its top merges further ones: tables join, `[[lists]]` of tables are
   appended, and a key that is set twice is an error;
3. the environment: `BUNDLE_` and the names of tables and option, with two underscores in between.
   `BUNDLE_HTTP__HEAD_TIMEOUT=5s` is `http.head_timeout`, `BUNDLE_APP__MAIN__WORKERS=4` is `app.main.workers`,
   `BUNDLE_LISTEN__0__ADDRESS=:80` is the address of the first `[[listen]]`. Such a variable that names no option is
   an error; `BUNDLE_` variables without two underscores in a row are left alone. Case does not matter, save in
   names of your own, as in `BUNDLE_APP__MAIN__ENV__DEBUG=1`; `_` also stands for the `-` of an app's name;
4. the command line: `--set app.main.workers=4`, as often as needed.

Values of the environment and of `--set` are taken as they stand (`4`, `15s`, `hello:app`), or as TOML when they begin
with a quote, `[` or `{`. `PORT` and `WEB_CONCURRENCY` are honoured where nothing else is said.

In the strings of a file `"${NAME}"` is the environment variable NAME, an error when it is not set, and
`"${NAME:-default}"` falls back to a default. `"$${"` is a plain `${`.
)";

std::string default_of(const KindDescription& kind) {
    if (kind.required) return "required";
    return kind.fallback_is_toml ? fmt::format("default `{}`", kind.fallback)
                                 : fmt::format("default: {}", kind.fallback);
}

std::string entry(const OptionDescription& option) {
    const std::string range =
        option.kind.range.empty() ? "" : fmt::format(" ({})", option.kind.range);
    return fmt::format("- **`{}`**: {}{}; {}  \n  {}\n", option.name, option.kind.type, range,
                       default_of(option.kind), option.help);
}

void add_table(std::string& text, const TableDescription& table) {
    text += fmt::format("\n## `{}`\n\n{}\n\n", table.header, table.help);
    for (const OptionDescription& option : table.options) text += entry(option);
    for (const TableDescription& part : table.tables) add_table(text, part);
}

}  // namespace

std::string markdown_reference() {
    std::string text(kIntroduction);
    const TableDescription& all = configuration_description();
    text += "\n## At the top of the file\n\n";
    for (const OptionDescription& option : all.options) text += entry(option);
    for (const TableDescription& table : all.tables) add_table(text, table);
    return text;
}

}  // namespace bundle::config
