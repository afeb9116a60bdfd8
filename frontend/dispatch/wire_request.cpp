#include "frontend/dispatch/wire_request.hpp"

#include <utility>

#include "shared/routing/host_name.hpp"

namespace bundle {

wire::Request wire_request(const AppRequest& request, Headers&& fields, Headers&& tls) {
    const RequestHead& head = *request.head;
    wire::Request message;
    message.request_id = request.request_id;
    message.method = head.method;
    message.target = head.target;
    message.path = head.path;
    message.mount = request.mount;
    message.query = head.query;
    message.protocol = protocol_text(head.version);
    message.scheme = request.client.scheme;
    message.server_name = head.host.empty() ? "localhost" : without_port(head.host);
    message.server_port = request.client.server_port;
    message.remote_addr = request.client.address;
    message.remote_port = request.client.port;
    message.received = request.received;
    message.queued = request.queued;
    message.deadline = request.deadline;
    message.fields = std::move(fields);
    message.tls = std::move(tls);
    message.body_length = request.body->size();
    if (request.body->spooled()) {
        message.body_place = wire::BodyPlace::Descriptor;
    } else if (message.body_length > 0 || head.chunked) {
        // An empty chunked body is a body: the application is told that its length is 0.
        message.body_place = wire::BodyPlace::Inline;
        message.body = request.body->bytes();
    }
    return message;
}

}  // namespace bundle
