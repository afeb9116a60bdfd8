// wsgi.errors: what the application writes goes to the error log, line by line, with the request's
// id.
#pragma once
#include <string_view>

#include "backend/python/py_ref.hpp"

namespace bundle {

// The Python type; empty with a Python exception.
PyRef make_errors_type();

// An object of that type; empty with a Python exception.
PyRef make_errors(PyTypeObject* type, std::string_view request_id);

void flush_errors(PyObject* errors);

}  // namespace bundle
