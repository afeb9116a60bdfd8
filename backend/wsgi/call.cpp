#include "backend/wsgi/call.hpp"

#include <algorithm>
#include <optional>

#include "backend/wsgi/file_wrapper.hpp"

namespace bundle {

namespace {

bool is_list(PyObject* result) { return PyList_CheckExact(result) || PyTuple_CheckExact(result); }

// What nearly works: a str and bytes can be iterated, but only by mistake.
bool must_be_iterable(PyObject* result) {
    if (!PyUnicode_Check(result) && !PyBytes_Check(result) && result != Py_None) return true;
    PyErr_Format(
        PyExc_TypeError,
        "the application returned %.200s; it must return an iterable of bytes, such as [b'...']",
        Py_TYPE(result)->tp_name);
    return false;
}

// Checked as a whole before the head is out, so that a mistake in the last chunk still gets a clean
// 500.
bool measure_list(PyObject* list, std::uint64_t& length) {
    for (Py_ssize_t i = 0; i < PySequence_Fast_GET_SIZE(list); ++i) {
        PyObject* chunk = PySequence_Fast_GET_ITEM(list, i);
        if (!PyBytes_Check(chunk)) {
            PyErr_Format(PyExc_TypeError, "the body must consist of bytes, not %.200s",
                         Py_TYPE(chunk)->tp_name);
            return false;
        }
        length += static_cast<std::uint64_t>(PyBytes_GET_SIZE(chunk));
    }
    return true;
}

bool send_list(PyObject* list, Answer& answer) {
    std::uint64_t length = 0;
    if (!measure_list(list, length)) return false;
    answer.know_length(length);
    if (!answer.send_head()) return false;
    // While the writer waits, a thread of the application may change the list.
    for (Py_ssize_t i = 0; i < PySequence_Fast_GET_SIZE(list) && !answer.is_over(); ++i) {
        const PyRef chunk = share(PySequence_Fast_GET_ITEM(list, i));
        if (!answer.send(chunk.get())) return false;
    }
    return true;
}

// PEP 3333: when there is only one chunk, its size is the Content-Length.
bool has_one_chunk(PyObject* result) {
    const PyTypeObject* type = Py_TYPE(result);
    const bool has_len =
        (type->tp_as_sequence != nullptr && type->tp_as_sequence->sq_length != nullptr) ||
        (type->tp_as_mapping != nullptr && type->tp_as_mapping->mp_length != nullptr);
    if (!has_len) return false;
    const Py_ssize_t length = PyObject_Size(result);
    if (length < 0) PyErr_Clear();  // only a hint
    return length == 1;
}

bool send_chunk(PyObject* chunk, bool is_only_one, Answer& answer) {
    // An empty chunk does not make the head leave: the application may still replace it, or call
    // start_response() for the first time.
    if (PyBytes_Check(chunk) && PyBytes_GET_SIZE(chunk) == 0) return true;
    if (is_only_one && PyBytes_Check(chunk))
        answer.know_length(static_cast<std::uint64_t>(PyBytes_GET_SIZE(chunk)));
    if (!answer.send(chunk)) return false;
    if (!answer.is_whole()) return answer.flush();
    answer.finish(wire::Outcome::Complete, wire::Afterwards::Closing);
    return true;
}

bool send_chunks(PyObject* result, Answer& answer) {
    const bool has_one = has_one_chunk(result);
    const PyRef iterator(PyObject_GetIter(result));
    if (!iterator) return false;
    while (!answer.is_over()) {
        const PyRef chunk(PyIter_Next(iterator.get()));
        if (!chunk) break;
        // A chunk behind the end is cut, or empty. There may be no end of these, and no client to
        // look for.
        const bool is_behind_the_end = answer.has_ended();
        if (!send_chunk(chunk.get(), has_one, answer)) return false;
        if (is_behind_the_end) break;
        answer.look_for_client();
    }
    if (PyErr_Occurred() != nullptr) return false;
    if (answer.is_over()) return true;
    answer.know_length(0);  // no effect when there was a chunk
    if (!answer.send_head()) return false;
    answer.finish(wire::Outcome::Complete, wire::Afterwards::Closing);
    return true;
}

bool send_file(const FilePart& part, Answer& answer) {
    answer.know_length(part.length);
    if (part.is_lasting) answer.announce_file(part.length);
    // A part of a file is asked for by a Content-Length that ends before it; that is no mistake.
    return answer.send_head() &&
           answer.send_file(part.descriptor, {part.offset, std::min(part.length, answer.room())});
}

}  // namespace

bool send_result(PyObject* result, const PyTypeObject* file_wrapper, Answer& answer) {
    if (is_list(result)) return send_list(result, answer);
    if (Py_TYPE(result) == file_wrapper)
        if (const std::optional<FilePart> part = file_part(result)) return send_file(*part, answer);
    return must_be_iterable(result) && send_chunks(result, answer);
}

bool close_result(PyObject* result) {
    if (is_list(result)) return true;
    const PyRef close = attribute(result, "close");
    if (!close) {
        if (PyErr_ExceptionMatches(PyExc_AttributeError) == 0) return false;
        PyErr_Clear();
        return true;
    }
    return PyRef(PyObject_CallNoArgs(close.get())) != nullptr;
}

}  // namespace bundle
