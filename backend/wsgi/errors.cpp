#include "backend/wsgi/errors.hpp"

#include <array>
#include <new>
#include <string>

#include "backend/output/lines.hpp"
#include "backend/output/log_text.hpp"
#include "shared/base/log.hpp"

namespace bundle {

namespace {

// Applications keep wsgi.errors beyond their request (log handlers do), so it owns all it needs.
class ErrorLines {
  public:
    explicit ErrorLines(std::string_view request_id) : request_id_(request_id) {}

    void write(std::string_view text) {
        lines_.write(text, [this](std::string_view line) { log(line); });
    }
    void flush() {
        lines_.flush([this](std::string_view line) { log(line); });
    }

  private:
    void log(std::string_view line) const {
        log_error("wsgi.errors {} {}", OfRequest{request_id_}, printable(line));
    }

    std::string request_id_;
    Lines lines_;
};

struct ErrorsObject {
    PyObject_HEAD ErrorLines lines;
};

ErrorLines& lines_of(PyObject* self) { return reinterpret_cast<ErrorsObject*>(self)->lines; }

bool write_text(PyObject* self, PyObject* text) {
    if (!PyUnicode_Check(text)) {
        PyErr_Format(PyExc_TypeError, "wsgi.errors takes str, not %.200s", Py_TYPE(text)->tp_name);
        return false;
    }
    const PyRef bytes(PyUnicode_AsEncodedString(text, "utf-8", "backslashreplace"));
    if (!bytes) return false;
    lines_of(self).write(
        {PyBytes_AS_STRING(bytes.get()), static_cast<std::size_t>(PyBytes_GET_SIZE(bytes.get()))});
    return true;
}

PyObject* write(PyObject* self, PyObject* text) {
    return write_text(self, text) ? PyLong_FromSsize_t(PyUnicode_GET_LENGTH(text)) : nullptr;
}

PyObject* writelines(PyObject* self, PyObject* lines) {
    const PyRef iterator(PyObject_GetIter(lines));
    if (!iterator) return nullptr;
    while (const PyRef line{PyIter_Next(iterator.get())})
        if (!write_text(self, line.get())) return nullptr;
    if (PyErr_Occurred() != nullptr) return nullptr;
    Py_RETURN_NONE;
}

PyObject* flush(PyObject* self, PyObject*) {
    lines_of(self).flush();
    Py_RETURN_NONE;
}

void dealloc_errors(PyObject* self) {
    lines_of(self).flush();
    lines_of(self).~ErrorLines();
    free_object(self);
}

std::array<PyMethodDef, 4> errors_methods = {
    {
     {"write", write, METH_O, "write(text): whole lines go to the error log at once"},
     {"writelines", writelines, METH_O, "writelines(texts): write() for each"},
     {"flush", flush, METH_NOARGS, "logs a line that has no end yet"},
     {},
     }
};

std::array<PyType_Slot, 3> errors_slots = {
    {
     {Py_tp_dealloc, reinterpret_cast<void*>(dealloc_errors)},
     {Py_tp_methods, errors_methods.data()},
     {},
     }
};

PyType_Spec errors_spec = {
    "bundle.Errors", sizeof(ErrorsObject), 0,
    Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION | Py_TPFLAGS_IMMUTABLETYPE,
    errors_slots.data()};

}  // namespace

PyRef make_errors_type() { return PyRef(PyType_FromSpec(&errors_spec)); }

PyRef make_errors(PyTypeObject* type, std::string_view request_id) {
    auto* made = PyObject_New(ErrorsObject, type);
    if (made == nullptr) return nullptr;
    new (&made->lines) ErrorLines(request_id);
    return PyRef(reinterpret_cast<PyObject*>(made));
}

void flush_errors(PyObject* errors) { lines_of(errors).flush(); }

}  // namespace bundle
