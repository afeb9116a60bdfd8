// wsgi.errors: what the application writes goes to the error log, line by line, with the request's
// id.
#pragma once
#include <string>
#include <string_view>

#include "backend/python/py_ref.hpp"

namespace bundle {

// Cuts a text that comes in pieces into lines. Applications keep wsgi.errors beyond their request
// (log handlers do), so it owns all it needs.
class ErrorLines {
  public:
    explicit ErrorLines(std::string_view request_id) : request_id_(request_id) {}

    void write(std::string_view text);
    // A line that has no end yet is logged as it is.
    void flush();

  private:
    void log(std::string_view line) const;

    std::string request_id_;
    std::string partial_;
};

// The Python type; empty with a Python exception.
PyRef make_errors_type();

// An object of that type; empty with a Python exception.
PyRef make_errors(PyTypeObject* type, std::string_view request_id);

void flush_errors(PyObject* errors);

}  // namespace bundle
