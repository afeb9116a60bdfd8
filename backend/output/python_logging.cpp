#include "backend/output/python_logging.hpp"

#include <fmt/format.h>
#include <pybind11/eval.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include "backend/output/python_logging_source.hpp"
#include "backend/python/exception.hpp"

namespace bundle {

namespace py = pybind11;

Result<void> configure_python_logging(const AppConfig& app) {
    if (app.logconfig.empty() && app.paste.empty()) return {};
    try {
        py::dict names;
        py::exec(kPythonLogging.data(), names);
        if (app.logconfig.empty())
            names["configure_from_paste"](app.paste, app.paste_vars);
        else
            names["configure"](app.logconfig);
        return {};
    } catch (py::error_already_set& error) {
        error.restore();
        return failure(fmt::format("app {}: its {} does not work\n{}", app.name,
                                   app.logconfig.empty() ? "paste's [loggers]" : "logconfig",
                                   take_traceback_text()));
    }
}

}  // namespace bundle
