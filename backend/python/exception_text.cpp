#include "backend/python/exception_text.hpp"

namespace bundle {

namespace py = pybind11;

std::string exception_text(const py::error_already_set& error) {
    try {
        const py::object none = py::none();
        const py::object lines =
            py::module_::import("traceback")
                .attr("format_exception")(error.type(), error.value(),
                                          error.trace() ? error.trace() : none);
        auto text = py::str("").attr("join")(lines).cast<std::string>();
        while (text.ends_with('\n')) text.pop_back();
        return text;
    } catch (const std::exception&) {
        // __str__ of the exception may raise, too. what() copes with that.
        return error.what();
    }
}

}  // namespace bundle
