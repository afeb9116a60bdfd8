#include "backend/dev/development.hpp"

#include <pybind11/eval.h>

#include "backend/dev/development_source.hpp"
#include "backend/output/log_text.hpp"
#include "backend/python/application.hpp"
#include "backend/python/exception.hpp"
#include "shared/base/log.hpp"
#include "shared/wire/source_reports.hpp"

namespace bundle {

namespace py = pybind11;

namespace {

PyRef owned(py::object object) { return PyRef(object.release().ptr()); }

}  // namespace

Result<Development> Development::begin(const Config& config) {
    Development begun;
    if (!config.dev.reload && !config.dev.tracebacks) return begun;
    try {
        py::dict names;
        names["__name__"] = "bundle.development";
        py::exec(kDevelopmentSource.data(), names);
        if (config.dev.reload) {
            names["cache_settled_sources_only"]();
            begun.folders_ = owned(names["ImportedFolders"]());
            begun.master_ = config.server.run_directory + "/" + wire::kSourceReportsName;
        }
        if (config.dev.tracebacks) {
            names["let_frameworks_fail"]();
            begun.traceback_page_ = owned(names["show_traceback"]);
        }
        begun.names_ = owned(std::move(names));
    } catch (py::error_already_set& error) {
        error.restore();
        return failure("prepare [dev]: " + take_traceback_text());
    }
    return begun;
}

Result<py::object> Development::load(const AppConfig& app) const {
    auto loaded = load_application(app);
    if (loaded || !traceback_page_) return loaded;
    const std::string& trace = loaded.error().message;
    log_error("requests are shown why the application cannot be loaded{}", indented_lines(trace));
    return stand_in(trace);
}

Result<py::object> Development::stand_in(const std::string& trace) const {
    report(trace);  // where it can be mended
    try {
        const auto names = py::reinterpret_borrow<py::dict>(names_.get());
        const py::object stand_in = names["stand_in"];
        return py::object(stand_in(py::str(trace)));
    } catch (const std::exception&) {
        return failure(trace);
    }
}

void Development::report(const std::string& trace) const {
    if (!folders_) return;
    try {
        const auto names = py::reinterpret_borrow<py::dict>(names_.get());
        const auto folders = py::reinterpret_borrow<py::object>(folders_.get());
        const auto found = folders(names["files_in"](py::str(trace))).cast<std::string>();
        if (!found.empty()) wire::report_sources(master_, found);
    } catch (const std::exception& error) {
        log_debug("dev.reload: modules cannot be told: {}", error.what());
    }
}

}  // namespace bundle
