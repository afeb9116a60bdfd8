#include "backend/wsgi/application_error.hpp"

#include <string>

#include "backend/output/log_text.hpp"
#include "backend/python/exception.hpp"
#include "shared/base/log.hpp"

namespace bundle {

namespace {

// A message may carry a whole request body; the log does not.
constexpr std::size_t kMaxTraceback = 64U << 10;

}  // namespace

void log_exception(const wire::Request& request, std::string_view what) {
    if (PyErr_Occurred() == nullptr) return;
    std::string trace = take_traceback_text();
    if (trace.size() > kMaxTraceback) trace.replace(kMaxTraceback, std::string::npos, "\n[cut]");
    log_error("{} request={} method={} path={}{}", what, request.request_id,
              log_quoted(request.method), log_quoted(request.path), indented_lines(trace));
}

void log_mistake(const wire::Request& request, std::string_view mistake) {
    log_error("application mistake: {} request={} method={} path={}", mistake, request.request_id,
              log_quoted(request.method), log_quoted(request.path));
}

}  // namespace bundle
