#include "backend/python/forked_child.hpp"

#include <unistd.h>

#include "backend/output/log_text.hpp"
#include "backend/python/exception.hpp"
#include "backend/python/interpreter.hpp"
#include "shared/base/log.hpp"

namespace bundle {

namespace {

// Of the exception that is set, which is gone afterwards.
int exit_status() {
    if (PyErr_Occurred() == nullptr) return 0;
    const bool wants_to_exit = PyErr_ExceptionMatches(PyExc_SystemExit) != 0;
    const PyRef exception = take_exception();
    if (wants_to_exit) {
        const PyRef code = attribute(exception.get(), "code");
        if (code && code.get() == Py_None) return 0;
        if (code && PyLong_Check(code.get())) return static_cast<int>(PyLong_AsLong(code.get()));
    }
    log_error("a child that the application forked{}",
              indented_lines(traceback_text(exception.get())));
    return 1;
}

}  // namespace

void leave_forked_child() {
    const int status = exit_status();
    run_exit_functions();
    _exit(status);
}

}  // namespace bundle
