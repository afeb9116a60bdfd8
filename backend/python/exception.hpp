// A Python exception, taken from the interpreter and as people read it. All of this needs the GIL.
#pragma once
#include <string>

#include "backend/python/py_ref.hpp"

namespace bundle {

// Takes the exception that is set, with its traceback; empty when none is.
PyRef take_exception();

// "ValueError: no such thing". Leaves no exception set, whatever the exception's own code does.
std::string exception_text(PyObject* exception);

// With its traceback and causes, as Python prints it; without the last line's end. Leaves none set,
// either.
std::string traceback_text(PyObject* exception);

// The same of the exception that is set, which is gone afterwards.
std::string take_exception_text();
std::string take_traceback_text();

}  // namespace bundle
