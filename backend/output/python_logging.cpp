#include "backend/output/python_logging.hpp"

#include <fmt/format.h>
#include <pybind11/eval.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include "backend/output/current_request.hpp"
#include "backend/output/log_text.hpp"
#include "backend/output/python_logging_source.hpp"
#include "backend/python/exception.hpp"
#include "shared/base/log.hpp"

namespace bundle {

namespace py = pybind11;

namespace {

LogLevel level_of(int number) {
    if (number >= 40) return LogLevel::Error;
    if (number >= 30) return LogLevel::Warn;
    return number >= 20 ? LogLevel::Info : LogLevel::Debug;
}

}  // namespace

void log_python_record(int level, const std::string& text) {
    const std::size_t end = text.find('\n');
    std::string message = printable(text.substr(0, end));
    if (end != std::string::npos) message += indented_lines(text.substr(end + 1));
    log_of(level_of(level), current_request_id, message);
}

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
