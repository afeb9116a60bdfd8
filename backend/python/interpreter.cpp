#include "backend/python/interpreter.hpp"

#include <fmt/format.h>
#include <pybind11/pybind11.h>

#include <filesystem>

#include "backend/output/python_output.hpp"
#include "backend/python/exception.hpp"
#include "shared/base/log.hpp"
#include "shared/base/virtualenv.hpp"

namespace bundle {

namespace py = pybind11;

namespace {

constexpr PythonVersion kEmbedded{PY_MAJOR_VERSION, PY_MINOR_VERSION};

struct OwnedPyConfig {
    // Not the isolated one: PYTHONPATH, PYTHONHASHSEED and their like are part of how people run
    // their applications, and the user's packages are found as `python3` finds them.
    OwnedPyConfig() { PyConfig_InitPythonConfig(&value); }
    OwnedPyConfig(const OwnedPyConfig&) = delete;
    OwnedPyConfig& operator=(const OwnedPyConfig&) = delete;
    ~OwnedPyConfig() { PyConfig_Clear(&value); }
    PyConfig value{};
};

Result<void> checked(const PyStatus& status) {
    if (PyStatus_Exception(status) == 0) return {};
    return failure(fmt::format("python {} does not start: {}", kEmbedded.text(),
                               status.err_msg != nullptr ? status.err_msg : "it wants to exit"));
}

// sys.executable; a virtualenv is found by it.
Result<std::string> executable_for(const AppConfig& app) {
    // Not left to Python: it would take the first "python3" in PATH, which may be another one.
    if (app.virtualenv.empty()) return std::string(BUNDLE_PYTHON);
    TRY_ASSIGN(const PythonVersion version, version_of_virtualenv(app.virtualenv));
    if (version != kEmbedded)
        return failure(fmt::format(
            "virtualenv {} was made for Python {}, but this is {}: make it "
            "again with python{}, or install the backend for {}",
            app.virtualenv, version.text(), kEmbedded.text(), kEmbedded.text(), version.text()));
    return app.virtualenv + "/bin/python";
}

void extend_import_path(const AppConfig& app) {
    auto path = py::module_::import("sys").attr("path");
    // Not app.directory: that may be a link ("current") which a deployment turns to another release
    // while we still import from this one.
    path.attr("insert")(0, std::filesystem::current_path().string());
    int place = 1;
    for (const std::string& folder : app.python_path) path.attr("insert")(place++, folder);
}

// So that whole lines reach the log, each in one write, and workers do not mix theirs.
void write_output_by_lines() {
    py::module_::import("sys").attr("stdout").attr("reconfigure")(py::arg("line_buffering") = true);
}

void call_at_exit(const char* module_name, const char* function) {
    try {
        const py::dict modules = py::module_::import("sys").attr("modules");
        if (modules.contains(module_name)) modules[module_name].attr(function)();
    } catch (py::error_already_set& error) {
        error.restore();
        log_warn("python's {}.{} raised: {}", module_name, function, take_traceback_text());
    }
}

}  // namespace

void flush_output() {
    for (const char* stream : {"stdout", "stderr"}) {
        try {
            py::module_::import("sys").attr(stream).attr("flush")();
        } catch (const py::error_already_set&) {
            // Closed, None, or something else's now: there is nowhere left to say so.
        }
    }
}

Result<void> start_interpreter(const AppConfig& app) {
    TRY_ASSIGN(const std::string executable, executable_for(app));
    OwnedPyConfig config;
    PyConfig& settings = config.value;
    settings.parse_argv = 0;
    settings.install_signal_handlers = 0;  // signals are the arbiter's and the worker's
    settings.faulthandler = 1;             // a crash tells where each thread was, on standard error
    TRY(checked(PyConfig_SetBytesString(&settings, &settings.program_name, executable.c_str())));
    TRY(checked(PyConfig_SetBytesString(&settings, &settings.executable, executable.c_str())));
    char* const arguments[] = {const_cast<char*>(app.name.c_str())};
    TRY(checked(PyConfig_SetBytesArgv(&settings, 1, arguments)));
    TRY(checked(Py_InitializeFromConfig(&settings)));
    try {
        extend_import_path(app);
        if (app.capture_output)
            log_python_output();
        else
            write_output_by_lines();
    } catch (const std::exception& error) {
        return failure(fmt::format("prepare python {}: {}", kEmbedded.text(), error.what()));
    }
    return {};
}

namespace {

// The names of the application's threads that have not ended and are not daemons: '"ledger",
// "mail"'.
std::string lasting_threads() {
    std::vector<std::string> names;
    try {
        const py::dict modules = py::module_::import("sys").attr("modules");
        if (!modules.contains("threading")) return {};
        const py::object threading = modules["threading"];
        for (const py::handle thread : threading.attr("enumerate")())
            if (!thread.is(threading.attr("main_thread")()) && !thread.attr("daemon").cast<bool>())
                names.push_back(log_quoted(thread.attr("name").cast<std::string>()));
    } catch (const py::error_already_set&) {
        // It has done something to them that nobody expects.
    }
    return fmt::format("{}", fmt::join(names, ", "));
}

}  // namespace

void run_exit_functions() {
    if (const std::string names = lasting_threads(); !names.empty())
        log_info("waiting for threads of the application that are no daemons: {}", names);
    call_at_exit("threading", "_shutdown");
    call_at_exit("atexit", "_run_exitfuncs");
    flush_output();
}

}  // namespace bundle
