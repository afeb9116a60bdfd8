#include "backend/wsgi/exception.hpp"

#include "backend/wsgi/log_text.hpp"
#include "shared/base/log.hpp"

namespace bundle {

namespace {

// A message may carry a whole request body; the log does not.
constexpr std::size_t kMaxTraceback = 64U << 10;

std::string utf8(PyObject* text) {
    const PyRef bytes(PyUnicode_AsEncodedString(text, "utf-8", "backslashreplace"));
    if (!bytes) return {};
    return {PyBytes_AS_STRING(bytes.get()),
            static_cast<std::size_t>(PyBytes_GET_SIZE(bytes.get()))};
}

// As `python` prints it; empty when that fails too (out of memory, a broken __str__ is none).
std::string traceback_of(PyObject* exception) {
    const PyRef module(PyImport_ImportModule("traceback"));
    const PyRef trace(PyException_GetTraceback(exception));
    if (!module) return {};
    const PyRef lines(PyObject_CallMethod(module.get(), "format_exception", "OOO",
                                          Py_TYPE(exception), exception,
                                          trace ? trace.get() : Py_None));
    const PyRef nothing(PyUnicode_FromString(""));
    if (!lines || !nothing) return {};
    const PyRef text(PyUnicode_Join(nothing.get(), lines.get()));
    return text ? utf8(text.get()) : std::string{};
}

std::string describe(PyObject* exception) {
    const PyRef text(PyObject_Str(exception));
    return std::string(Py_TYPE(exception)->tp_name) + ": " + (text ? utf8(text.get()) : "");
}

}  // namespace

PyRef take_exception() {
#if PY_VERSION_HEX >= 0x030C0000
    return PyRef(PyErr_GetRaisedException());
#else
    PyObject *type = nullptr, *value = nullptr, *trace = nullptr;
    PyErr_Fetch(&type, &value, &trace);
    if (type == nullptr) return nullptr;
    PyErr_NormalizeException(&type, &value, &trace);
    if (trace != nullptr) PyException_SetTraceback(value, trace);
    Py_DECREF(type);
    Py_XDECREF(trace);
    return PyRef(value);
#endif
}

std::string take_exception_text() {
    const PyRef exception = take_exception();
    std::string text = exception ? describe(exception.get()) : "unknown error";
    PyErr_Clear();
    return text;
}

void log_exception(const wire::Request& request, std::string_view what) {
    const PyRef exception = take_exception();
    if (!exception) return;
    std::string trace = traceback_of(exception.get());
    PyErr_Clear();
    if (trace.empty()) trace = describe(exception.get());
    PyErr_Clear();
    if (trace.size() > kMaxTraceback) trace.replace(kMaxTraceback, std::string::npos, "\n[cut]");
    log_error("{} request={} method={} path={}{}", what, request.request_id,
              log_quoted(request.method), log_quoted(request.path), indented_lines(trace));
}

void log_mistake(const wire::Request& request, std::string_view mistake) {
    log_error("application mistake: {} request={} method={} path={}", mistake, request.request_id,
              log_quoted(request.method), log_quoted(request.path));
}

}  // namespace bundle
