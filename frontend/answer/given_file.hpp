// A whole file that an application gives as its answer (wsgi.file_wrapper). Its head is held back
// until the file is there: which part of it is sent, if any, is ours to say.
#pragma once
#include "frontend/answer/internal_redirect.hpp"
#include "shared/base/owned_fd.hpp"

namespace bundle {

struct GivenFile {
    explicit GivenFile(const Headers& fields) : said(fields) {}

    StoredFields said;
    OwnedFd file;  // none: it has not come yet
};

// Whether an application with these fields leaves it to the server which part is sent: who says
// something of parts has looked at what was asked for.
bool leaves_parts_to_us(const Headers& fields);

}  // namespace bundle
