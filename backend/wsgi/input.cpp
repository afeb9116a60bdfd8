#include "backend/wsgi/input.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <new>
#include <optional>
#include <string>

namespace bundle {

namespace {

struct InputObject {
    PyObject_HEAD BodyReader body;
};

BodyReader& body_of(PyObject* self) { return reinterpret_cast<InputObject*>(self)->body; }

using Arguments = PyObject* const*;
constexpr std::uint64_t kAll = std::numeric_limits<std::uint64_t>::max();

// The only, optional argument of read, readline and readlines: a size, where None and negative mean
// "all". Nothing with a Python exception.
std::optional<std::uint64_t> size_argument(const char* method, Arguments arguments,
                                           Py_ssize_t count) {
    if (count > 1) {
        PyErr_Format(PyExc_TypeError, "%s() takes at most 1 argument (%zd given)", method, count);
        return std::nullopt;
    }
    if (count == 0 || arguments[0] == Py_None) return kAll;
    const Py_ssize_t size = PyNumber_AsSsize_t(arguments[0], PyExc_OverflowError);
    if (size == -1 && PyErr_Occurred() != nullptr) return std::nullopt;
    return size < 0 ? kAll : static_cast<std::uint64_t>(size);
}

PyObject* bytes_from(std::string_view bytes) {
    return PyBytes_FromStringAndSize(bytes.data(), static_cast<Py_ssize_t>(bytes.size()));
}

PyObject* read(PyObject* self, Arguments arguments, Py_ssize_t count) {
    BodyReader& body = body_of(self);
    const std::optional<std::uint64_t> asked = size_argument("read", arguments, count);
    if (!asked || !body.check_usable()) return nullptr;
    const std::uint64_t size = std::min(*asked, body.remaining());
    PyRef bytes(PyBytes_FromStringAndSize(nullptr, static_cast<Py_ssize_t>(size)));
    if (!bytes || !body.read(PyBytes_AS_STRING(bytes.get()), static_cast<std::size_t>(size)))
        return nullptr;
    return bytes.release();
}

// The part of `ready` that belongs to the line, which may become `limit` bytes long, and whether it
// ends there.
std::string_view line_part(std::string_view ready, std::uint64_t limit, bool& ends) {
    ready = ready.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(limit, ready.size())));
    const std::size_t newline = ready.find('\n');
    ends = newline != std::string_view::npos || ready.size() == limit;
    return newline != std::string_view::npos ? ready.substr(0, newline + 1) : ready;
}

// b"" at the end of the body.
PyObject* next_line(BodyReader& body, std::uint64_t limit) {
    limit = std::min(limit, body.remaining());
    std::string line;  // only for a line that spans windows
    while (line.size() < limit) {
        std::string_view ready;
        if (!body.look(ready)) return nullptr;
        bool ends = false;
        const std::string_view part = line_part(ready, limit - line.size(), ends);
        if (ends && line.empty()) {
            body.seek(body.position() + part.size());
            return bytes_from(part);
        }
        line.append(part);
        body.seek(body.position() + part.size());
        if (ends) break;
    }
    return bytes_from(line);
}

PyObject* readline(PyObject* self, Arguments arguments, Py_ssize_t count) {
    const std::optional<std::uint64_t> limit = size_argument("readline", arguments, count);
    if (!limit || !body_of(self).check_usable()) return nullptr;
    return next_line(body_of(self), *limit);
}

PyObject* readlines(PyObject* self, Arguments arguments, Py_ssize_t count) {
    std::optional<std::uint64_t> hint = size_argument("readlines", arguments, count);
    if (!hint || !body_of(self).check_usable()) return nullptr;
    if (*hint == 0) hint = kAll;  // as in io.IOBase
    PyRef lines(PyList_New(0));
    std::uint64_t total = 0;
    while (lines && total < *hint && body_of(self).remaining() > 0) {
        const PyRef line(next_line(body_of(self), kAll));
        if (!line || PyList_Append(lines.get(), line.get()) < 0) return nullptr;
        total += static_cast<std::uint64_t>(PyBytes_GET_SIZE(line.get()));
    }
    return lines.release();
}

PyObject* next(PyObject* self) {
    BodyReader& body = body_of(self);
    if (!body.check_usable() || body.remaining() == 0)
        return nullptr;  // no exception: the iteration ends
    return next_line(body, kAll);
}

PyObject* readinto(PyObject* self, PyObject* buffer) {
    BodyReader& body = body_of(self);
    Py_buffer view;
    if (PyArg_Parse(buffer, "w*:readinto", &view) == 0) return nullptr;
    const auto size = static_cast<std::size_t>(
        std::min<std::uint64_t>(static_cast<std::uint64_t>(view.len), body.remaining()));
    const bool complete = body.check_usable() && body.read(static_cast<char*>(view.buf), size);
    PyBuffer_Release(&view);
    return complete ? PyLong_FromSize_t(size) : nullptr;
}

// Where seek(offset, whence) counts from; nothing with a Python exception.
std::optional<std::uint64_t> seek_origin(const BodyReader& body, int whence) {
    switch (whence) {
        case SEEK_SET:
            return 0;
        case SEEK_CUR:
            return body.position();
        case SEEK_END:
            return body.length();
        default:
            PyErr_Format(PyExc_ValueError, "invalid whence (%i, should be 0, 1 or 2)", whence);
    }
    return std::nullopt;
}

PyObject* seek(PyObject* self, PyObject* arguments) {
    BodyReader& body = body_of(self);
    long long offset = 0;
    int whence = SEEK_SET;
    if (!PyArg_ParseTuple(arguments, "L|i:seek", &offset, &whence) || !body.check_usable())
        return nullptr;
    const std::optional<std::uint64_t> origin = seek_origin(body, whence);
    if (!origin) return nullptr;
    long long target = 0;
    if (__builtin_add_overflow(static_cast<long long>(*origin), offset, &target) ||
        (target < 0 && whence == SEEK_SET))
        return PyErr_Format(PyExc_ValueError, "seek to %lld is outside of any file", offset);
    target = std::max(target, 0LL);  // as io.BytesIO does
    body.seek(static_cast<std::uint64_t>(target));
    return PyLong_FromLongLong(target);
}

PyObject* tell(PyObject* self, PyObject*) {
    if (!body_of(self).check_usable()) return nullptr;
    return PyLong_FromUnsignedLongLong(body_of(self).position());
}

PyObject* yes(PyObject*, PyObject*) { Py_RETURN_TRUE; }
PyObject* no(PyObject*, PyObject*) { Py_RETURN_FALSE; }
PyObject* nothing(PyObject*, PyObject*) { Py_RETURN_NONE; }

PyObject* close(PyObject* self, PyObject*) {
    body_of(self).close();
    Py_RETURN_NONE;
}

PyObject* closed(PyObject* self, void*) { return PyBool_FromLong(body_of(self).is_closed()); }

void dealloc_input(PyObject* self) {
    body_of(self).~BodyReader();
    free_object(self);
}

// readable() and its like are what io.BufferedReader and io.TextIOWrapper ask before they wrap it.
std::array<PyMethodDef, 14> input_methods = {
    {
     {"read", as_method(read), METH_FASTCALL, "read(size=-1): up to size bytes, b'' at the end"},
     {"read1", as_method(read), METH_FASTCALL, "the same as read()"},
     {"readline", as_method(readline), METH_FASTCALL,
         "readline(size=-1): up to the end of the line"},
     {"readlines", as_method(readlines), METH_FASTCALL, "readlines(hint=-1): a list of lines"},
     {"readinto", readinto, METH_O, "readinto(buffer): how many bytes were put there"},
     {"seek", seek, METH_VARARGS, "seek(offset, whence=0): the new position"},
     {"tell", tell, METH_NOARGS, "the position"},
     {"readable", yes, METH_NOARGS, nullptr},
     {"seekable", yes, METH_NOARGS, nullptr},
     {"writable", no, METH_NOARGS, nullptr},
     {"isatty", no, METH_NOARGS, nullptr},
     {"flush", nothing, METH_NOARGS, nullptr},
     {"close", close, METH_NOARGS, "no more reading"},
     {},
     }
};

std::array<PyGetSetDef, 2> input_properties = {
    {{"closed", closed, nullptr, nullptr, nullptr}, {}}
};

std::array<PyType_Slot, 6> input_slots = {
    {
     {Py_tp_dealloc, reinterpret_cast<void*>(dealloc_input)},
     {Py_tp_methods, input_methods.data()},
     {Py_tp_getset, input_properties.data()},
     {Py_tp_iter, reinterpret_cast<void*>(PyObject_SelfIter)},
     {Py_tp_iternext, reinterpret_cast<void*>(next)},
     {},
     }
};

PyType_Spec input_spec = {
    "bundle.Input", sizeof(InputObject), 0,
    Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION | Py_TPFLAGS_IMMUTABLETYPE,
    input_slots.data()};

}  // namespace

PyRef make_input_type() { return PyRef(PyType_FromSpec(&input_spec)); }

PyRef make_input(PyTypeObject* type, BodyReader body) {
    auto* made = PyObject_New(InputObject, type);
    if (made == nullptr) return nullptr;
    new (&made->body) BodyReader(std::move(body));
    return PyRef(reinterpret_cast<PyObject*>(made));
}

void close_input(PyObject* input) { body_of(input).close(); }

}  // namespace bundle
