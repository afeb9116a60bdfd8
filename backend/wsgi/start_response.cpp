#include "backend/wsgi/start_response.hpp"

#include <structmember.h>

#include <array>
#include <cstddef>

namespace bundle {

namespace {

struct StartResponseObject {
    PyObject_HEAD vectorcallfunc call;
    Answer* answer;  // null when the request is over
    PyTypeObject* write_type;
};

struct WriteObject {
    PyObject_HEAD vectorcallfunc call;
    StartResponseObject* start_response;  // owned
};

StartResponseObject* as_start_response(PyObject* object) {
    return reinterpret_cast<StartResponseObject*>(object);
}
WriteObject* as_write(PyObject* object) { return reinterpret_cast<WriteObject*>(object); }

Answer* answer_of(StartResponseObject* start_response) {
    if (start_response->answer == nullptr)
        PyErr_SetString(PyExc_RuntimeError, "the request that this belonged to is over");
    return start_response->answer;
}

PyObject* call_write(PyObject* self, PyObject* const* arguments, std::size_t flags,
                     PyObject* names) {
    if (PyVectorcall_NARGS(flags) != 1 || names != nullptr)
        return PyErr_Format(PyExc_TypeError, "write() takes one argument: bytes");
    Answer* answer = answer_of(as_write(self)->start_response);
    if (answer == nullptr || !answer->send(arguments[0]) || !answer->flush()) return nullptr;
    answer->look_for_client();
    if (answer->client_left()) return PyErr_Format(PyExc_BrokenPipeError, "the client has left");
    // PEP 3333: writing past the Content-Length is an error; what fits was sent.
    if (answer->was_cut())
        return PyErr_Format(PyExc_ValueError,
                            "write() past the Content-Length that start_response() was given");
    Py_RETURN_NONE;
}

PyObject* make_write(StartResponseObject* start_response) {
    auto* made = PyObject_New(WriteObject, start_response->write_type);
    if (made == nullptr) return nullptr;
    made->call = call_write;
    Py_INCREF(start_response);
    made->start_response = start_response;
    return reinterpret_cast<PyObject*>(made);
}

constexpr std::size_t kParameters = 3;
constexpr std::array<const char*, kParameters> kParameterNames = {"status", "headers", "exc_info"};
using Parameters = std::array<PyObject*, kParameters>;

bool take_named(PyObject* name, PyObject* value, Parameters& into) {
    for (std::size_t i = 0; i < kParameters; ++i) {
        if (PyUnicode_CompareWithASCIIString(name, kParameterNames[i]) != 0) continue;
        if (into[i] != nullptr) break;  // given twice
        into[i] = value;
        return true;
    }
    PyErr_Format(PyExc_TypeError, "start_response() got an unexpected argument %R", name);
    return false;
}

// PEP 3333 passes them by position; exc_info is often named all the same.
bool take_arguments(PyObject* const* arguments, std::size_t flags, PyObject* names,
                    Parameters& into) {
    const auto given = static_cast<std::size_t>(PyVectorcall_NARGS(flags));
    if (given <= kParameters) {
        std::copy(arguments, arguments + given, into.begin());
        const Py_ssize_t named = names == nullptr ? 0 : PyTuple_GET_SIZE(names);
        for (Py_ssize_t i = 0; i < named; ++i)
            if (!take_named(PyTuple_GET_ITEM(names, i),
                            arguments[given + static_cast<std::size_t>(i)], into))
                return false;
        if (into[2] == nullptr) into[2] = Py_None;
        if (into[0] != nullptr && into[1] != nullptr) return true;
    }
    PyErr_SetString(PyExc_TypeError, "start_response() takes (status, headers, exc_info=None)");
    return false;
}

PyObject* call_start_response(PyObject* self, PyObject* const* arguments, std::size_t flags,
                              PyObject* names) {
    Parameters given{};
    if (!take_arguments(arguments, flags, names, given)) return nullptr;
    Answer* answer = answer_of(as_start_response(self));
    if (answer == nullptr || !answer->start(given[0], given[1], given[2])) return nullptr;
    return make_write(as_start_response(self));
}

PyObject* call_early_hints(PyObject* self, PyObject* headers) {
    Answer* answer = answer_of(as_start_response(self));
    if (answer == nullptr || !answer->early_hints(headers)) return nullptr;
    Py_RETURN_NONE;
}

PyObject* call_extend_deadline(PyObject* self, PyObject* seconds) {
    Answer* answer = answer_of(as_start_response(self));
    if (answer == nullptr || !answer->extend_deadline(seconds)) return nullptr;
    Py_RETURN_NONE;
}

PyObject* call_client_gone(PyObject* self, PyObject* /*unused*/) {
    const Answer* answer = answer_of(as_start_response(self));
    return answer == nullptr ? nullptr : PyBool_FromLong(answer->client_gone());
}

PyMethodDef early_hints_method = {"early_hints", call_early_hints, METH_O,
                                  "Sends 103 Early Hints with these headers at once."};
PyMethodDef extend_deadline_method = {
    "extend_deadline", call_extend_deadline, METH_O,
    "Gives the request so many seconds from now, unless it has more."};
PyMethodDef client_gone_method = {
    "client_gone", call_client_gone, METH_NOARGS,
    "Whether the client has closed its connection, or its side of it."};

void dealloc_start_response(PyObject* self) {
    PyTypeObject* write_type = as_start_response(self)->write_type;
    free_object(self);
    Py_DECREF(write_type);
}

void dealloc_write(PyObject* self) {
    StartResponseObject* start_response = as_write(self)->start_response;
    free_object(self);
    Py_DECREF(start_response);
}

template <typename Object>
PyRef make_type(const char* name, void (*dealloc_object)(PyObject*)) {
    std::array<PyMemberDef, 2> members = {
        {
         {"__vectorcalloffset__", T_PYSSIZET, offsetof(Object, call), READONLY, nullptr},
         {},
         }
    };
    std::array<PyType_Slot, 4> slots = {
        {
         {Py_tp_dealloc, reinterpret_cast<void*>(dealloc_object)},
         {Py_tp_call, reinterpret_cast<void*>(PyVectorcall_Call)},
         {Py_tp_members, members.data()},
         {},
         }
    };
    PyType_Spec spec = {name, sizeof(Object), 0,
                        Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_VECTORCALL |
                            Py_TPFLAGS_DISALLOW_INSTANTIATION | Py_TPFLAGS_IMMUTABLETYPE,
                        slots.data()};
    return PyRef(PyType_FromSpec(&spec));
}

}  // namespace

bool StartResponse::prepare() {
    type_ = make_type<StartResponseObject>("bundle.StartResponse", dealloc_start_response);
    write_type_ = make_type<WriteObject>("bundle.Write", dealloc_write);
    return type_ && write_type_;
}

PyRef StartResponse::make(Answer& answer) const {
    auto* made = PyObject_New(StartResponseObject, as_type(type_));
    if (made == nullptr) return nullptr;
    made->call = call_start_response;
    made->answer = &answer;
    made->write_type = as_type(write_type_);
    Py_INCREF(made->write_type);
    return PyRef(reinterpret_cast<PyObject*>(made));
}

PyRef StartResponse::early_hints(PyObject* start_response) {
    return PyRef(PyCFunction_New(&early_hints_method, start_response));
}

PyRef StartResponse::client_gone(PyObject* start_response) {
    return PyRef(PyCFunction_New(&client_gone_method, start_response));
}

void StartResponse::close(PyObject* start_response) {
    as_start_response(start_response)->answer = nullptr;
}

PyRef ExtendDeadline::make(const StartResponse& maker, Answer& answer) {
    if (function_ && Py_REFCNT(function_.get()) == 1) {
        as_start_response(speaker_.get())->answer = &answer;
        return share(function_.get());
    }
    speaker_ = maker.make(answer);
    if (speaker_) function_.reset(PyCFunction_New(&extend_deadline_method, speaker_.get()));
    return speaker_ && function_ ? share(function_.get()) : nullptr;
}

void ExtendDeadline::close() const {
    if (speaker_) StartResponse::close(speaker_.get());
}

}  // namespace bundle
