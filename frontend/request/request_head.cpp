#include "frontend/request/request_head.hpp"

namespace bundle {

void RequestHead::clear() {
    bytes.clear();
    version = HttpVersion::Http11;
    method = target = host = query = {};
    path.clear();
    fields.clear();
    content_length.reset();
    chunked = keep_alive = expects_continue = false;
}

}  // namespace bundle
