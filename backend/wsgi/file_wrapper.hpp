// wsgi.file_wrapper (PEP 3333, "Optional Platform-Specific File Handling"): a file as an answer's
// body.
#pragma once
#include <cstdint>
#include <optional>

#include "backend/python/py_ref.hpp"

namespace bundle {

// The Python type, which applications call: file_wrapper(file, block_size=8192). Its objects can be
// iterated by anyone. Empty with a Python exception.
PyRef make_file_wrapper_type();

// What the front can send by itself: the rest of a regular file, from where read() would go on.
struct FilePart {
    int descriptor = -1;  // of the Python file object
    std::uint64_t offset = 0;
    std::uint64_t length = 0;  // at least 1
    // All of a file that others can open, too: who asks again gets the same bytes, which what was
    // made for this answer alone cannot promise.
    bool is_lasting = false;
};

// Nothing when the wrapped object is no plain file: then it is read like any other body. Leaves no
// exception set.
std::optional<FilePart> file_part(PyObject* file_wrapper);

}  // namespace bundle
