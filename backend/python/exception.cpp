#include "backend/python/exception.hpp"

namespace bundle {

namespace {

std::string utf8(PyObject* text) {
    // A name of a file may hold what UTF-8 cannot say (surrogateescape).
    const PyRef bytes(PyUnicode_AsEncodedString(text, "utf-8", "backslashreplace"));
    if (!bytes) return {};
    return {PyBytes_AS_STRING(bytes.get()),
            static_cast<std::size_t>(PyBytes_GET_SIZE(bytes.get()))};
}

// Empty, with another exception set, when there is no memory for it.
std::string formatted(PyObject* exception) {
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

std::string exception_text(PyObject* exception) {
    const PyRef text(PyObject_Str(exception));
    std::string said = text ? utf8(text.get()) : std::string{};
    PyErr_Clear();  // its __str__ may raise, too
    return std::string(Py_TYPE(exception)->tp_name) + ": " + said;
}

std::string traceback_text(PyObject* exception) {
    std::string text = formatted(exception);
    PyErr_Clear();
    if (text.empty()) return exception_text(exception);
    while (text.ends_with('\n')) text.pop_back();
    return text;
}

std::string take_exception_text() {
    const PyRef exception = take_exception();
    return exception ? exception_text(exception.get()) : "unknown error";
}

std::string take_traceback_text() {
    const PyRef exception = take_exception();
    return exception ? traceback_text(exception.get()) : "unknown error";
}

}  // namespace bundle
