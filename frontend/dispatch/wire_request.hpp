// A request as its worker is told of it.
#pragma once
#include "frontend/dispatch/app_request.hpp"
#include "shared/wire/messages.hpp"

namespace bundle {

// Views of `request`, valid as long as that is; the stream is the caller's to set.
wire::Request wire_request(const AppRequest& request, Headers&& fields, Headers&& tls);

}  // namespace bundle
