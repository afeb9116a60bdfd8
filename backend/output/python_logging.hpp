// The application's loggers (Python's module logging), by app.NAME.logconfig, or by the ini
// file of app.NAME.paste.
#pragma once
#include "shared/base/result.hpp"
#include "shared/config/config.hpp"

namespace bundle {

// With the GIL held. Before the application is imported, and again in each worker, whose files and
// sockets are to be its own.
Result<void> configure_python_logging(const AppConfig& app);

}  // namespace bundle
