#include "backend/python/paste_application.hpp"

#include <pybind11/eval.h>
#include <pybind11/stl.h>

#include "backend/python/paste_application_source.hpp"

namespace bundle {

namespace py = pybind11;

Result<py::object> paste_application(const AppConfig& app) {
    py::dict names;
    py::exec(kPasteSource.data(), names);
    const py::tuple loaded = names["load"](app.paste, app.paste_vars);
    if (!loaded[1].is_none()) return failure(loaded[1].cast<std::string>());
    return py::object(loaded[0]);
}

}  // namespace bundle
