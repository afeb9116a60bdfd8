// What the application prints: each line becomes a record of the error log, with the id of the
// request that its thread serves. No level hides it; what comes by standard error is a warning.
#pragma once

namespace bundle {

// Replaces sys.stdout and sys.stderr. Before the application is imported, because log handlers keep
// the ones that they found. Raises Python exceptions as pybind11 does.
void log_python_output();

// The request of this thread ends: lines of it that have no end yet are logged as they are.
void log_rest_of_output();

}  // namespace bundle
