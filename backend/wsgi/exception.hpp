// The exception that Python code left behind, and what the log says of it.
#pragma once
#include <string>

#include "backend/wsgi/py_ref.hpp"
#include "shared/wire/messages.hpp"

namespace bundle {

// Takes the exception that is set, with its traceback; empty when none is.
PyRef take_exception();

// "ValueError: no such thing", and no exception is set any more.
std::string take_exception_text();

// One record of the error log with the traceback of the exception that is set, which is gone
// afterwards. `what` names the moment: "application error".
void log_exception(const wire::Request& request, std::string_view what);

// One record about a mistake of the application that raised nothing.
void log_mistake(const wire::Request& request, std::string_view mistake);

}  // namespace bundle
