#include "backend/output/python_output.hpp"

#include <pybind11/eval.h>
#include <pybind11/pybind11.h>
#include <unistd.h>

#include <array>

#include "backend/output/current_request.hpp"
#include "backend/output/lines.hpp"
#include "backend/output/log_text.hpp"
#include "backend/output/python_logging.hpp"
#include "backend/output/python_output_source.hpp"
#include "shared/base/log.hpp"

namespace bundle {

namespace py = pybind11;

namespace {

// One for each of the two streams. A request has its own; the others share theirs, which the GIL
// guards.
using Streams = std::array<Lines, 2>;
thread_local Streams of_request;

Lines& lines_of(int descriptor) {
    static Streams of_the_others;
    Streams& both = current_request_id.empty() ? of_the_others : of_request;
    return both.at(descriptor == STDERR_FILENO ? 1 : 0);
}

std::string tagged(std::string_view source) {
    const std::string_view id = current_request_id;
    return id.empty() ? fmt::format("{} ", source) : fmt::format("{} {} ", source, OfRequest{id});
}

void log_output(int descriptor, std::string_view line) {
    const bool is_error = descriptor == STDERR_FILENO;
    log_line(is_error ? LogLevel::Warn : LogLevel::Info,
             tagged(is_error ? "stderr" : "stdout") + printable(line), current_request_id);
}

void flush(int descriptor) {
    lines_of(descriptor).flush([=](std::string_view line) { log_output(descriptor, line); });
}

}  // namespace

void log_rest_of_output() {
    for (const int descriptor : {STDOUT_FILENO, STDERR_FILENO}) flush(descriptor);
}

void log_python_output() {
    py::dict names;
    names["log"] = py::cpp_function([](int descriptor, const py::bytes& data) {
        lines_of(descriptor).write(std::string_view(data), [=](std::string_view line) {
            log_output(descriptor, line);
        });
    });
    names["log_record"] = py::cpp_function([](int level, const std::string& text) {
        log_python_record(level, tagged("logging") + text);
    });
    names["flush"] = py::cpp_function(&flush);
    py::exec(kPythonOutput.data(), names);
}

}  // namespace bundle
