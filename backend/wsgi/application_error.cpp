#include "backend/wsgi/application_error.hpp"

#include <string>

#include "backend/output/log_text.hpp"
#include "backend/python/exception.hpp"
#include "shared/base/log.hpp"

namespace bundle {

namespace {

// A message may carry a whole request body, and a recursion a thousand frames; the log does not.
// What happened stands at the end.
constexpr std::size_t kTracebackBegin = 32U << 10;
constexpr std::size_t kTracebackEnd = 16U << 10;

void cut_middle(std::string& trace) {
    if (trace.size() <= kTracebackBegin + kTracebackEnd) return;
    trace.replace(kTracebackBegin, trace.size() - kTracebackBegin - kTracebackEnd, "\n[cut]\n");
}

}  // namespace

std::string log_exception(const wire::Request& request, std::string_view what) {
    if (PyErr_Occurred() == nullptr) return {};
    std::string trace = take_traceback_text();
    cut_middle(trace);
    log_error("{} {} method={} path={}{}", what, OfRequest{request.request_id},
              log_quoted(request.method), log_quoted(request.path), indented_lines(trace));
    return trace;
}

void log_mistake(const wire::Request& request, std::string_view mistake) {
    log_error("application mistake: {} {} method={} path={}", mistake,
              OfRequest{request.request_id}, log_quoted(request.method), log_quoted(request.path));
}

}  // namespace bundle
