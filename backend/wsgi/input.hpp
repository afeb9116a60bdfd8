// wsgi.input: a request's body as a file that can be read and moved in, like io.BytesIO.
#pragma once
#include "backend/python/py_ref.hpp"
#include "backend/wsgi/body_reader.hpp"

namespace bundle {

// The Python type; empty with a Python exception.
PyRef make_input_type();

// An object of that type; empty with a Python exception.
PyRef make_input(PyTypeObject* type, BodyReader body);

// The request is over. An application that kept the object gets a ValueError from now on.
void close_input(PyObject* input);

}  // namespace bundle
