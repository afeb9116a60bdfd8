#include "backend/output/python_logging.hpp"

#include <fmt/format.h>
#include <pybind11/eval.h>
#include <pybind11/pybind11.h>

#include "backend/output/python_logging_source.hpp"
#include "backend/python/exception.hpp"

namespace bundle {

namespace py = pybind11;

Result<void> configure_python_logging(const AppConfig& app) {
    if (app.logconfig.empty()) return {};
    try {
        py::dict names;
        py::exec(kPythonLogging.data(), names);
        names["configure"](app.logconfig);
        return {};
    } catch (py::error_already_set& error) {
        error.restore();
        return failure(fmt::format("app {}: its logconfig does not work\n{}", app.name,
                                   take_traceback_text()));
    }
}

}  // namespace bundle
