// The WSGI application that `paste = "production.ini#main"` names.
#pragma once
#include <pybind11/pybind11.h>

#include "shared/base/result.hpp"
#include "shared/config/config.hpp"

namespace bundle {

// The error says what is wrong with the ini file; what the application raises is thrown.
Result<pybind11::object> paste_application(const AppConfig& app);

}  // namespace bundle
