// A Python exception as people read it.
#pragma once
#include <pybind11/pybind11.h>

#include <string>

namespace bundle {

// With its traceback and causes, as Python prints it; without the last line's end. Calls the
// traceback module, and so needs the GIL; what cannot be formatted is described by the exception's
// type.
std::string exception_text(const pybind11::error_already_set& error);

}  // namespace bundle
