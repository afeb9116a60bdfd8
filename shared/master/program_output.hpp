// What a program says that is asked something: run to its end, or for a while.
#pragma once
#include <chrono>
#include <string>
#include <vector>

#include "shared/base/result.hpp"

namespace bundle {

struct ProgramOutput {
    std::string text;  // of both its streams, up to a megabyte
    bool well = false;
};

// The first argument is its name. Whoever says nothing more for so long, or too much, is killed
// with its children.
Result<ProgramOutput> output_of_program(const std::string& program,
                                        const std::vector<std::string>& arguments,
                                        std::chrono::seconds patience);

// The last line that says something: of a traceback, the exception.
std::string last_line(const std::string& text);

}  // namespace bundle
