// The application's loggers (Python's module logging), by app.NAME.logconfig, or by the ini
// file of app.NAME.paste.
#pragma once
#include <string>

#include "shared/base/result.hpp"
#include "shared/config/config.hpp"

namespace bundle {

// With the GIL held. Before the application is imported, and again in each worker, whose files and
// sockets are to be its own.
Result<void> configure_python_logging(const AppConfig& app);

// `level` is Python's: 40 ERROR, 30 WARNING, 20 INFO.
void log_python_record(int level, const std::string& text);

}  // namespace bundle
