// Calls the application and brings what it returns on its way: a list, a file, or anything that can
// be iterated.
#pragma once
#include "backend/python/py_ref.hpp"
#include "backend/wsgi/answer.hpp"

namespace bundle {

// `result` is what the application returned. True when it was sent to its end, or as far as anyone
// wants it; false with a Python exception. Does not close it.
//
// A list is there as a whole, so it is gathered and leaves with the head and the end of the answer.
// Anything else may do work between two chunks, and PEP 3333 forbids to hold one back meanwhile:
// each leaves at once. Gathering them would need the proof that the next one does not keep us
// waiting, which nobody has.
bool send_result(PyObject* result, const PyTypeObject* file_wrapper, Answer& answer);

// Calls close() of the result if it has one. False with a Python exception.
bool close_result(PyObject* result);

}  // namespace bundle
