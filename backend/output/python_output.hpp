// What the application prints: each line becomes a record of the error log, with the id of the
// request that its thread serves. No level hides it.
#pragma once

namespace bundle {

// Replaces sys.stdout and sys.stderr. Before the application is imported, because log handlers keep
// the ones that they found. Raises Python exceptions as pybind11 does.
void log_python_output();

}  // namespace bundle
