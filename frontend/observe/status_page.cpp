#include "frontend/observe/status_page.hpp"

#include <array>
#include <string>

#include "frontend/answer/text_answer.hpp"
#include "static/status_icon.hpp"
#include "static/status_page.hpp"
#include "static/status_script.hpp"
#include "static/status_style.hpp"

namespace bundle {

namespace {

// It shows what clients send: should anything of that ever become markup, it could still do
// nothing.
constexpr std::array<HeaderField, 3> kFields = {
    {{"Content-Security-Policy",
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src "
      "'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"},
     {"X-Content-Type-Options", "nosniff"},
     {"Referrer-Policy", "no-referrer"}}
};

struct PageFile {
    std::string_view path;
    std::string_view type;
    std::string_view text;
};
constexpr std::array kPageFiles = {
    PageFile{"/status/page.css", "text/css; charset=utf-8",        kStatusStyle },
    PageFile{"/status/page.js",  "text/javascript; charset=utf-8", kStatusScript},
    PageFile{"/status/icon.svg", "image/svg+xml",                  kStatusIcon  },
};

}  // namespace

Answer status_page() {
    return text_answer(200, std::string(kStatusPage), "text/html; charset=utf-8", kFields);
}

std::optional<Answer> part_of_status_page(std::string_view path) {
    for (const PageFile& file : kPageFiles)
        if (file.path == path) return text_answer(200, std::string(file.text), file.type, kFields);
    return std::nullopt;
}

}  // namespace bundle
