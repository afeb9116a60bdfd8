#include "backend/python/hooks.hpp"

#include <fmt/format.h>
#include <pybind11/eval.h>

#include "backend/output/log_text.hpp"
#include "backend/output/python_logging.hpp"
#include "backend/python/exception.hpp"
#include "backend/python/hooks_source.hpp"
#include "shared/base/log.hpp"

namespace bundle {

namespace py = pybind11;

namespace {

// server.cfg, under gunicorn's names.
py::dict settings(const AppConfig& app) {
    py::dict told;
    told["proc_name"] = app.name;
    told["wsgi_app"] = app.wsgi;
    told["paste"] = app.paste;
    told["chdir"] = app.directory;
    told["workers"] = app.workers.min;
    told["threads"] = app.threads;
    told["preload_app"] = app.preload != Preload::No;
    told["timeout"] = std::chrono::duration<double>(app.request_timeout).count();
    told["graceful_timeout"] = std::chrono::duration<double>(app.graceful_timeout).count();
    return told;
}

PyRef owned(py::object object) { return PyRef(object.release().ptr()); }

}  // namespace

void complain(const Result<void>& hooked) {
    if (!hooked) log_error("python{}", indented_lines(hooked.error().message));
}

Result<Hooks> Hooks::load(const AppConfig& app) {
    Hooks loaded;
    if (app.hooks.empty()) return loaded;
    try {
        const py::module_ module = py::module_::import(app.hooks.c_str());
        py::dict names;
        names["__name__"] = "bundle.hooks";
        py::exec(kHooksSource.data(), names);
        py::object hooks =
            names["Hooks"](module, settings(app), py::cpp_function(&log_python_record));
        if (hooks.attr("follows_requests").cast<bool>()) {
            loaded.begin_request_ = owned(hooks.attr("begin_request"));
            loaded.end_request_ = owned(hooks.attr("end_request"));
        }
        loaded.has_worker_abort_ = hooks.attr("functions").contains("worker_abort");
        loaded.hooks_ = owned(std::move(hooks));
    } catch (py::error_already_set& error) {
        error.restore();
        return failure(fmt::format("app {}: hooks = \"{}\" cannot be imported\n{}", app.name,
                                   app.hooks, take_traceback_text()));
    }
    return loaded;
}

Result<void> Hooks::call(const char* hook, const PyRef& arguments) const {
    if (!hooks_) return {};
    const PyRef function = attribute(hooks_.get(), hook);
    if (function && PyRef(PyObject_CallObject(function.get(), arguments.get()))) return {};
    return failure(fmt::format("the hook {} raised\n{}", hook, take_traceback_text()));
}

}  // namespace bundle
