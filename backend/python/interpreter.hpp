// CPython in this process: started once, never finalised.
//
// Py_FinalizeEx tears modules down under threads and C extensions that do not expect it, and is the
// best known way for a server to crash on its way out. So a process leaves by run_exit_functions()
// and _exit: that is all of an interpreter's end that an application can rely on.
#pragma once
#include "shared/base/result.hpp"
#include "shared/config/config.hpp"

namespace bundle {

// Afterwards this thread holds the GIL. The environment, the umask and the working directory are
// the application's by then: Python reads them only now.
Result<void> start_interpreter(const AppConfig& app);

// What the application has printed is out afterwards.
void flush_output();

// What the end of an interpreter does for an application: waits for its threads that are not
// daemons, calls what it registered with atexit, flushes its output. May take as long as the
// application likes.
void run_exit_functions();

}  // namespace bundle
