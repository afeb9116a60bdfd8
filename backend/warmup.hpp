// The requests that a new worker answers before it takes real ones, so that no client waits for
// what an application does at its first: templates compiled, connections made, caches filled.
#pragma once
#include <string_view>

#include "backend/wsgi/gateway.hpp"
#include "shared/base/result.hpp"
#include "shared/config/config.hpp"

namespace bundle {

// GETs each of app.warmup from `host`, with the GIL held; the answers go nowhere. An error for the
// first that is answered 500 or above, or not to its end; its traceback is in the log by then.
Result<void> warm_up(Gateway& gateway, const AppConfig& app, std::string_view host);

}  // namespace bundle
