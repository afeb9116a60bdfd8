#include "shared/import/gunicorn/values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "shared/config/access_format.hpp"
#include "shared/config/option/kinds.hpp"
#include "shared/config/option/text_checks.hpp"
#include "shared/http/token.hpp"
#include "shared/import/lower_case.hpp"

namespace bundle::imported {

namespace {

void take_with_listeners(Import&, const GunicornValue&) {}

void put_size(Import& out, std::string_view key, const GunicornValue& value, CountRange range) {
    const auto size = number_in(value.first());
    if (!size) return out.not_translated(value.said, "it is no number of bytes");
    // 0 is gunicorn's "unlimited".
    const std::uint64_t within =
        *size == 0 ? range.most : std::clamp(*size, range.least, range.most);
    out.put(out.draft.http, key, std::to_string(within), value.said);
    if (within != *size)
        out.differs(value.said, fmt::format("http.{} is at least {}, at most {}", key, range.least,
                                            range.most));
}

constexpr CountRange kLineRange{256, 64 << 10};

void take_request_line(Import& out, const GunicornValue& value) {
    put_size(out, "max_request_line", value, kLineRange);
}
void take_field_size(Import& out, const GunicornValue& value) {
    put_size(out, "max_header_size", value, kLineRange);
}
void take_list_size(Import& out, const GunicornValue& value) {
    put_size(out, "max_head_size", value, {64 << 10, 1 << 20});
}

void take_fields(Import& out, const GunicornValue& value) {
    put_count(out, out.draft.http, "max_headers", value, {8, 10'000});
}

void take_keepalive(Import& out, const GunicornValue& value) {
    if (value.first() == "0") return out.put(out.draft.http, "keepalive_requests", "1", value.said);
    put_seconds(out, out.draft.http, "keepalive_timeout", value, {1, kDay});
}

void take_trusted(Import& out, const GunicornValue& value) {
    for (const std::string& item : value.values)
        for (std::string_view list = item; !list.empty();) {
            const std::string who(take_list_item(list));
            if (who.empty()) continue;
            if (const auto complaint = config::check_trusted_peers(who))
                out.not_translated(value.said, who + ": " + *complaint);
            else
                out.add_to_list(out.draft.trust, "proxies", who, value.said);
        }
}

void take_scheme_headers(Import& out, const GunicornValue& value) {
    for (const std::string& pair : value.values) {
        const auto equals = std::min(pair.find('='), pair.size());
        const std::string name = in_lower_case(pair.substr(0, equals)),
                          says = pair.substr(std::min(equals + 1, pair.size()));
        if (config::check_field_name(name) || says.empty())
            out.not_translated(value.said, pair + " is no field with a value");
        else
            out.add_to_table(out.draft.trust, "scheme_headers", name, says, value.said);
    }
}

void take_accesslog(Import& out, const GunicornValue& value) {
    out.put_text(out.draft.access_log, "path", value.first(), value.said);
}

void take_format(Import& out, const GunicornValue& value) {
    if (const auto complaint = config::check_access_format(value.first()))
        return out.not_translated(value.said, *complaint);
    out.put_text(out.draft.access_log, "format", value.first(), value.said);
}

// The key may stand in the certificate's file.
void take_certificate(Import& out, const GunicornValue& value) {
    DraftTable& pair = out.draft.certificates.emplace_back(DraftTable{"[[tls.certificate]]"});
    out.put_text(pair, "certificate", value.first(), value.said);
    if (!pair.find("certificate")) return out.draft.certificates.pop_back();
    pair.lines.push_back({"key", pair.lines.front().value, {}, {}, value.said});
}

void take_key(Import& out, const GunicornValue& value) {
    if (out.draft.certificates.empty())
        return out.not_translated(value.said, "there is no certfile");
    DraftTable& pair = out.draft.certificates.back();
    if (value.first().empty()) return;
    std::erase_if(pair.lines, [](const DraftLine& line) { return line.key == "key"; });
    out.put_text(pair, "key", value.first(), value.said);
    if (!pair.find("key")) out.draft.certificates.pop_back();
}

void take_ca(Import& out, const GunicornValue& value) {
    out.put_text(out.draft.tls, "client_ca", value.first(), value.said);
}

void take_cert_reqs(Import& out, const GunicornValue& value) {
    const std::string how = value.first();
    if (how == "0" || how.ends_with("CERT_NONE")) return;
    const bool is_optional = how == "1" || how.ends_with("CERT_OPTIONAL");
    out.put_text(out.draft.tls, "client_verify", is_optional ? "optional" : "require", value.said);
}

void take_ciphers(Import& out, const GunicornValue& value) {
    if (value.first().empty()) return;
    out.put_text(out.draft.tls, "profile", "custom", value.said);
    out.put_text(out.draft.tls, "ciphers", value.first(), value.said);
}

void take_header_map(Import& out, const GunicornValue& value) {
    const std::string how = value.first() == "dangerous" ? "allow" : value.first();
    if (how != "drop" && how != "refuse" && how != "allow")
        return out.not_translated(value.said, "bundle knows no such way");
    out.put_text(out.draft.http, "underscore_headers", how, value.said);
}

void take_protocol(Import& out, const GunicornValue& value) {
    if (value.first() == "http") return out.not_needed(value.said, "that is what bundle speaks");
    out.not_translated(value.said, "bundle speaks HTTP, and nothing stands before it any more");
}

void take_protocols(Import& out, const GunicornValue& value) {
    out.not_needed(value.said, "HTTP/2 comes with listen.tls; listen.protocols says otherwise");
}

void take_streams(Import& out, const GunicornValue& value) {
    put_count(out, out.draft.http2, "max_concurrent_streams", value, {1, 10'000});
}

void take_window(Import& out, const GunicornValue& value) {
    put_count(out, out.draft.http2, "stream_window", value, {1 << 10, 16 << 20});
}

// In the order in which they need each other: whoever is trusted comes before what they may say.
constexpr std::array kOfClients = std::to_array<ValueRow>({
    {"bind",                         take_with_listeners},
    {"backlog",                      take_with_listeners},
    {"proxy_protocol",               take_with_listeners},
    {"keepalive",                    take_keepalive     },
    {"limit_request_line",           take_request_line  },
    {"limit_request_fields",         take_fields        },
    {"limit_request_field_size",     take_field_size    },
    {"http2_max_header_list_size",   take_list_size     },
    {"forwarded_allow_ips",          take_trusted       },
    {"proxy_allow_ips",              take_trusted       },
    {"secure_scheme_headers",        take_scheme_headers},
    {"accesslog",                    take_accesslog     },
    {"access_log_format",            take_format        },
    {"certfile",                     take_certificate   },
    {"keyfile",                      take_key           },
    {"ca_certs",                     take_ca            },
    {"cert_reqs",                    take_cert_reqs     },
    {"ciphers",                      take_ciphers       },
    {"header_map",                   take_header_map    },
    {"protocol",                     take_protocol      },
    {"http_protocols",               take_protocols     },
    {"http2_max_concurrent_streams", take_streams       },
    {"http2_initial_window_size",    take_window        },
});

}  // namespace

bool is_of_clients(std::string_view name) {
    return std::ranges::find(kOfClients, name, &ValueRow::name) != kOfClients.end();
}

void take_of_clients(Import& out, const GunicornValue& value) {
    const auto row = std::ranges::find(kOfClients, std::string_view(value.name), &ValueRow::name);
    if (row != kOfClients.end()) row->take(out, value);
}

}  // namespace bundle::imported
