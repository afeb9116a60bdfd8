// What the error log says when an application does something wrong.
#pragma once
#include <string>
#include <string_view>

#include "shared/wire/messages.hpp"

namespace bundle {

// One record with the traceback of the Python exception that is set, which is gone afterwards.
// `what` names the moment: "application error". Returns the traceback, cut as in the log; "" when
// none was set.
std::string log_exception(const wire::Request& request, std::string_view what);

// One record about a mistake that raised nothing.
void log_mistake(const wire::Request& request, std::string_view mistake);

}  // namespace bundle
