#include "backend/output/python_output.hpp"

#include <pybind11/eval.h>
#include <pybind11/pybind11.h>
#include <unistd.h>

#include <array>

#include "backend/output/current_request.hpp"
#include "backend/output/lines.hpp"
#include "backend/output/log_text.hpp"
#include "backend/output/python_output_source.hpp"
#include "shared/base/log.hpp"

namespace bundle {

namespace py = pybind11;

namespace {

// One for each of the two streams; the GIL guards them.
Lines& lines_of(int descriptor) {
    static std::array<Lines, 2> both;
    return both.at(descriptor == STDERR_FILENO ? 1 : 0);
}

void log_output(int descriptor, std::string_view line) {
    const char* stream = descriptor == STDERR_FILENO ? "stderr" : "stdout";
    const std::string_view id = current_request_id;
    const std::string tag = id.empty() ? "" : ' ' + text_of(OfRequest{id});
    log_line(LogLevel::Info, fmt::format("{}{} {}", stream, tag, printable(line)), id);
}

}  // namespace

void log_python_output() {
    py::dict names;
    names["log"] = py::cpp_function([](int descriptor, const py::bytes& data) {
        lines_of(descriptor).write(std::string_view(data), [=](std::string_view line) {
            log_output(descriptor, line);
        });
    });
    names["flush"] = py::cpp_function([](int descriptor) {
        lines_of(descriptor).flush([=](std::string_view line) { log_output(descriptor, line); });
    });
    py::exec(kPythonOutput.data(), names);
}

}  // namespace bundle
