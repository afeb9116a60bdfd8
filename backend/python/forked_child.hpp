// A child that the application forked while it served a request, and that came back from it: it is
// no worker, and the answer is its parent's to give.
#pragma once

namespace bundle {

// Ends this process as Python would have: after SystemExit with its code, after any other exception
// with 1 and its traceback in the log.
[[noreturn]] void leave_forked_child();

}  // namespace bundle
