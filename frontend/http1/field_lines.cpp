#include "frontend/http1/field_lines.hpp"

#include <llhttp.h>

namespace bundle::http1 {

namespace {

Headers& fields_of(llhttp_t* parser) { return *static_cast<Headers*>(parser->data); }

int on_name(llhttp_t* parser, const char* at, std::size_t size) {
    fields_of(parser).push_back({
        {at, size},
        {}
    });
    return 0;
}

int on_value(llhttp_t* parser, const char* at, std::size_t size) {
    fields_of(parser).back().value = {at, size};
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
    llhttp_t parser;
    llhttp_init(&parser, HTTP_REQUEST, &kSettings);
    parser.data = &fields;
    const auto outcome = llhttp_execute(&parser, head.data(), head.size());
    if (outcome == HPE_INVALID_METHOD) return Refusal{501, "unknown method"};
    if (outcome != HPE_PAUSED) return Refusal{400, llhttp_get_error_reason(&parser)};
    if (llhttp_get_error_pos(&parser) != head.data() + head.size() || fields.size() != count)
        return Refusal{400, "ambiguous head"};
    return std::nullopt;
}

}  // namespace bundle::http1
