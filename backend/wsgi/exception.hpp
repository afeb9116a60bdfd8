// What the log says of an application that failed in a request.
#pragma once
#include <string_view>

#include "backend/python/exception.hpp"
#include "shared/wire/messages.hpp"

namespace bundle {

// One record of the error log with the traceback of the exception that is set, which is gone
// afterwards. `what` names the moment: "application error".
void log_exception(const wire::Request& request, std::string_view what);

// One record about a mistake of the application that raised nothing.
void log_mistake(const wire::Request& request, std::string_view mistake);

}  // namespace bundle
