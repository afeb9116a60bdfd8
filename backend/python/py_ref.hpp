// An owned reference to a Python object. Dropping one needs the GIL; none outlives the interpreter.
#pragma once
#include <Python.h>

#include <memory>
#include <string_view>

namespace bundle {

struct DropReference {
    void operator()(PyObject* object) const noexcept { Py_DECREF(object); }
};
// Made from a "new reference" of the C API; empty means that a Python exception is set.
using PyRef = std::unique_ptr<PyObject, DropReference>;

// A reference of our own to an object that someone else owns.
inline PyRef share(PyObject* object) {
    Py_XINCREF(object);
    return PyRef(object);
}

// The last step of the tp_dealloc of a type that PyType_FromSpec made.
inline void free_object(PyObject* object) {
    PyTypeObject* type = Py_TYPE(object);
    type->tp_free(object);
    Py_DECREF(type);
}

inline PyTypeObject* as_type(const PyRef& type) {
    return reinterpret_cast<PyTypeObject*>(type.get());
}

// PyObject_GetAttrString makes a new str each time, and CPython's cache of type attributes keeps it
// by its address: the application's own entries would be pushed out. An interned name is always the
// same.
inline PyRef attribute(PyObject* object, const char* name) {
    const PyRef interned(PyUnicode_InternFromString(name));
    return PyRef(interned ? PyObject_GetAttr(object, interned.get()) : nullptr);
}

inline PyRef call_method(PyObject* object, const char* name) {
    const PyRef interned(PyUnicode_InternFromString(name));
    return PyRef(interned ? PyObject_CallMethodNoArgs(object, interned.get()) : nullptr);
}

// METH_FASTCALL functions have other parameters than PyCFunction says; CPython casts them back by
// the flags.
template <typename Function>
PyCFunction as_method(Function* function) {
    return reinterpret_cast<PyCFunction>(reinterpret_cast<void (*)()>(function));
}

// The bytes of a str that holds nothing above U+00FF, valid as long as the str; false when it holds
// more.
inline bool latin1_view(PyObject* text, std::string_view& into) {
    if (PyUnicode_KIND(text) != PyUnicode_1BYTE_KIND) return false;
    into = {reinterpret_cast<const char*>(PyUnicode_1BYTE_DATA(text)),
            static_cast<std::size_t>(PyUnicode_GET_LENGTH(text))};
    return true;
}

inline PyRef latin1_str(std::string_view bytes) {
    return PyRef(
        PyUnicode_DecodeLatin1(bytes.data(), static_cast<Py_ssize_t>(bytes.size()), nullptr));
}

}  // namespace bundle
