// Finding the WSGI application that `wsgi = "..."` names, or `paste = "..."`.
#pragma once
#include <pybind11/pybind11.h>

#include "shared/base/result.hpp"
#include "shared/config/config.hpp"

namespace bundle {

// Imports the module and takes the callable out of it, or calls its factory, or leaves that to
// Paste Deploy. Whatever goes wrong there (SystemExit, too) ends here. The error has several lines:
// what was tried, where, with which import path, and last the traceback with its reason.
Result<pybind11::object> load_application(const AppConfig& app);

// Moves what the import made out of the garbage collector's sight: a collection in a worker would
// write to every object's head, and so copy the pages that all workers share.
void freeze_memory();

}  // namespace bundle
