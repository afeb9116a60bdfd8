#include "frontend/http1/field_lines.hpp"

#include <llhttp.h>

namespace bundle::http1 {

namespace {

// Where the next field goes. There is room for as many as there are lines.
struct Cursor {
    HeaderField* next;
    HeaderField* end;
};

Cursor& cursor_of(llhttp_t* parser) { return *static_cast<Cursor*>(parser->data); }

int on_name(llhttp_t* parser, const char* at, std::size_t size) {
    auto& cursor = cursor_of(parser);
    if (cursor.next == cursor.end) return HPE_USER;
    *cursor.next++ = {
        {at, size},
        {}
    };
    return 0;
}

int on_value(llhttp_t* parser, const char* at, std::size_t size) {
    cursor_of(parser).next[-1].value = {at, size};
    return 0;
}

// The body is not llhttp's business yet, and an Upgrade never is.
int on_end(llhttp_t*) { return HPE_PAUSED; }

const llhttp_settings_t kSettings = [] {
    llhttp_settings_t settings;
    llhttp_settings_init(&settings);
    settings.on_header_field = on_name;
    settings.on_header_value = on_value;
    settings.on_headers_complete = on_end;
    return settings;
}();

}  // namespace

std::optional<Refusal> read_field_lines(std::string_view head, std::size_t count, Headers& fields) {
    fields.resize(count);
    Cursor cursor{fields.data(), fields.data() + count};
    llhttp_t parser;
    llhttp_init(&parser, HTTP_REQUEST, &kSettings);
    parser.data = &cursor;
    const auto outcome = llhttp_execute(&parser, head.data(), head.size());
    const bool all_lines = cursor.next == cursor.end;
    fields.resize(static_cast<std::size_t>(cursor.next - fields.data()));
    if (outcome == HPE_PAUSED && all_lines &&
        llhttp_get_error_pos(&parser) == head.data() + head.size())
        return std::nullopt;
    if (outcome == HPE_INVALID_METHOD) return Refusal{501, "unknown method"};
    if (outcome == HPE_PAUSED || outcome == HPE_USER) return Refusal{400, "ambiguous head"};
    return Refusal{400, llhttp_get_error_reason(&parser)};
}

}  // namespace bundle::http1
