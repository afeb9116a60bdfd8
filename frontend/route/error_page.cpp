#include "frontend/route/error_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "frontend/answer/page_text.hpp"
#include "frontend/route/accept.hpp"
#include "static/errors/page.hpp"

namespace bundle {

namespace {

// What a status means to the person who meets it, who knows nothing of servers.
struct Explanation {
    std::uint16_t status;
    std::string_view title;
    std::string_view sentence;
};

constexpr std::array kExplanations = std::to_array<Explanation>({
    {400, "Bad request",          "Your browser sent a request that this site could not understand."},
    {403, "Not allowed",
     "You may not see this page. If you think you should, ask whoever runs the site."               },
    {404, "Page not found",
     "There is nothing at this address. It may be mistyped, or the page may have moved."            },
    {405, "Not possible here",    "This address does not take that kind of request."                },
    {408, "Request timed out",
     "Your request took too long to arrive. Check your connection and try again."                   },
    {412, "Changed meanwhile",
     "This changed since you last looked. Reload the page and try again."                           },
    {413, "Too large",            "What you sent is larger than this site accepts."                 },
    {414, "Address too long",     "The address you asked for is longer than this site accepts."     },
    {416, "No such part",         "The part of the file that was asked for does not exist."         },
    {421, "Wrong place",          "This request was meant for another site."                        },
    {429, "Too many requests",
     "You are faster than this site can follow. Wait a moment and try again."                       },
    {431, "Request too large",
     "Your browser sent more than this site accepts. Deleting its cookies may help."                },
    {500, "Something went wrong",
     "The site made a mistake while answering you. It is not your fault."                           },
    {502, "No answer",
     "The application behind this site stopped before it could answer. Try again in a moment."      },
    {503, "Very busy",
     "The site has more to do than it can manage right now. Try again in a moment."                 },
    {504, "Took too long",
     "The application behind this site took too long to answer. Try again in a moment."             },
    {507, "No room",              "The site has no room left for what you sent. Try again later."   },
});

constexpr Explanation kMaintenance = {503, "Closed for maintenance",
                                      "Somebody is working on this site. It will be back soon."};
constexpr Explanation kClientError = {0, "Request refused",
                                      "This site could not do what was asked."};
constexpr Explanation kServerError = {0, "Something went wrong",
                                      "The site could not answer you. Try again in a moment."};

const Explanation& explanation_of(std::uint16_t status) {
    const auto* const found = std::ranges::find(kExplanations, status, &Explanation::status);
    if (found != kExplanations.end()) return *found;
    return status < 500 ? kClientError : kServerError;
}

// A trusted proxy may have chosen the request id, and it in turn may have let its client choose.
std::string escaped_for_json(std::string_view text) {
    std::string escaped;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20 || byte >= 0x7f || c == '"' || c == '\\')
            fmt::format_to(std::back_inserter(escaped), "\\u{:04x}", byte);
        else
            escaped += c;
    }
    return escaped;
}

std::string html_page(std::uint16_t status, const Explanation& why, std::string_view request_id) {
    const fmt::format_int number(status);
    const std::string request =
        request_id.empty()
            ? ""
            : fmt::format(" &middot; Request <code>{}</code>", escaped_for_html(request_id));
    const std::array blanks = std::to_array<Blank>({
        {"status",   {number.data(), number.size()}},
        {"title",    why.title                     },
        {"sentence", why.sentence                  },
        {"request",  request                       },
    });
    return filled_in(kErrorPageTemplate, blanks);
}

std::string json_page(std::uint16_t status, const Explanation& why, std::string_view request_id) {
    std::string page = fmt::format(R"({{"status": {}, "title": "{}", "detail": "{}")", status,
                                   escaped_for_json(why.title), escaped_for_json(why.sentence));
    if (!request_id.empty())
        page += fmt::format(R"(, "request_id": "{}")", escaped_for_json(request_id));
    return page += "}\n";
}

std::string plain_page(std::uint16_t status, const Explanation& why, std::string_view request_id) {
    std::string page = fmt::format("{} {}\n{}\n", status, why.title, why.sentence);
    if (!request_id.empty()) page += fmt::format("Request {}\n", request_id);
    return page;
}

// What the answer views. Its fields point into its own strings, so it never moves.
struct Page {
    ErrorBody body;
    std::string length;
    std::vector<std::string> copied;  // names and values of the fields that the caller added
    Headers fields;
};

}  // namespace

Answer error_answer(std::uint16_t status, ErrorBody body,
                    std::span<const HeaderField> more_fields) {
    const auto page = std::make_shared<Page>();
    page->body = std::move(body);
    page->length = fmt::format_int(page->body.bytes.size()).str();
    page->fields = {
        {"Content-Type",   page->body.content_type},
        {"Content-Length", page->length           },
        {"Cache-Control",  "no-store"             }
    };
    page->copied.reserve(2 * more_fields.size());
    for (const HeaderField& field : more_fields) {
        const std::string& name = page->copied.emplace_back(field.name);
        const std::string& value = page->copied.emplace_back(field.value);
        page->fields.push_back({name, value});
    }
    return {.status = status,
            .fields = page->fields,
            .bytes = page->body.bytes,
            .file = {},
            .owner = page};
}

Answer error_page(std::uint16_t status, const ErrorPageRequest& request) {
    const Explanation& why = request.in_maintenance ? kMaintenance : explanation_of(status);
    const auto answer = [&](std::string text, std::string_view content_type) {
        const auto body = std::make_shared<const std::string>(std::move(text));
        return error_answer(status, {*body, content_type, body}, request.more_fields);
    };
    switch (preferred_text_kind(request.accept)) {
        case TextKind::Html:
            break;
        case TextKind::Json:
            return answer(json_page(status, why, request.request_id), "application/json");
        case TextKind::Plain:
            return answer(plain_page(status, why, request.request_id), "text/plain; charset=utf-8");
    }
    return answer(html_page(status, why, request.request_id), "text/html; charset=utf-8");
}

}  // namespace bundle
