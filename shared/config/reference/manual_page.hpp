// Manual pages, made of the Markdown that our references are written in.
#pragma once
#include <string>
#include <string_view>

namespace bundle::config {

struct ManualTitle {
    std::string_view name;  // "bundle"
    int section = 1;
    std::string_view purpose;  // the line that apropos(1) finds
};

// Knows what our own texts use: headings, paragraphs, lists, code, `names` and **bold** words. The
// first heading and comments are left out: a manual page has a title of its own.
std::string manual_page(const ManualTitle& title, std::string_view markdown);

// bundle-site.toml(5), from the option rows.
std::string options_manual();

}  // namespace bundle::config
