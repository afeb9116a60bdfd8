#include "frontend/request/forwarded.hpp"

#include "frontend/request/hop_by_hop.hpp"

namespace bundle {

namespace {

// What says who the client is, or steers what stands behind us. Nobody who is not trusted may say
// it.
bool is_claim(std::string_view name) {
    switch (name.front()) {
        case 'f':
            return name == "forwarded";
        case 'p':
            return name ==
                   "proxy";  // becomes HTTP_PROXY, which HTTP clients of the application obey
        case 'x':
            return name == "x-real-ip" || name == "x-request-id" ||
                   name.starts_with("x-forwarded-");
        default:
            return false;
    }
}

// "X_Real_IP" and "X-Real-IP" are the same name in the environ.
bool collides_in_environ(std::string_view name) { return name.find('_') != std::string_view::npos; }

// The whole body is here before the application is asked, so there is nothing left to expect.
bool is_settled(std::string_view name) { return name == "expect"; }

void append_ours(const RequestHead& head, const ClientFacts& facts, std::string_view request_id,
                 Headers& out) {
    const auto append = [&out](std::string_view name, std::string_view value) {
        if (!value.empty()) out.push_back({name, value});
    };
    append("x-forwarded-for", facts.address);
    append("x-forwarded-proto", facts.scheme);
    append("x-forwarded-host", head.host);
    append("x-forwarded-port", facts.server_port);
    append("x-real-ip", facts.address);
    append("x-request-id", request_id);
}

}  // namespace

void fields_for_app(const RequestHead& head, const ClientFacts& facts, std::string_view request_id,
                    Headers& out) {
    const ConnectionOptions connection(head.fields);
    bool has_host = false;
    for (const HeaderField& field : head.fields) {
        if (field.name == "host") has_host = true;
        if (is_hop_by_hop(field.name) || is_claim(field.name) || is_settled(field.name) ||
            collides_in_environ(field.name))
            continue;
        if (connection.name_fields() && !is_never_removed(field.name) &&
            connection.contain(field.name))
            continue;
        out.push_back(field);
    }
    // An absolute-form target of HTTP/1.0 may come without the field.
    if (!has_host && !head.host.empty()) out.push_back({"host", head.host});
    append_ours(head, facts, request_id, out);
}

}  // namespace bundle
