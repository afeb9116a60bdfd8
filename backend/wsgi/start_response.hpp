// The start_response() callable of PEP 3333, the write() callable that it returns, and what else an
// application may ask of the request that it serves.
#pragma once
#include "backend/python/py_ref.hpp"
#include "backend/wsgi/answer.hpp"

namespace bundle {

// One object for each request, which speaks to its Answer until the request ends. An application
// may keep it longer: then it raises.
class StartResponse {
  public:
    // False with a Python exception.
    bool prepare();

    // Empty with a Python exception.
    PyRef make(Answer& answer) const;
    // wsgi.early_hints(headers) and bundle.client_gone() of that request. Empty with a Python
    // exception.
    static PyRef early_hints(PyObject* start_response);
    static PyRef client_gone(PyObject* start_response);
    // The request is over.
    static void close(PyObject* start_response);

  private:
    PyRef type_;
    PyRef write_type_;
};

// bundle.extend_deadline(seconds): hardly any request calls it, so it is made once, for all of them
// until an application keeps it. Then that one is closed and the next request gets another.
class ExtendDeadline {
  public:
    // Empty with a Python exception.
    PyRef make(const StartResponse& maker, Answer& answer);
    // The request is over.
    void close() const;

  private:
    PyRef speaker_;  // what it speaks to the answer through
    PyRef function_;
};

}  // namespace bundle
