// A whole answer that the front makes itself: a file, a redirect, an error page.
#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "shared/http/headers.hpp"

namespace bundle {

// A piece of an open file.
struct FilePiece {
    int fd = -1;  // owned by whoever keeps it alive, see Answer::owner
    std::uint64_t offset = 0;
    std::uint64_t length = 0;
};

// Of a body that has several: bytes from memory, then a piece of a file; either may be empty.
struct BodyPart {
    std::string_view bytes;
    FilePiece file;
};

struct Answer {
    std::uint16_t status = 200;
    // Without Date, Connection, Transfer-Encoding and Server, which belong to the connection. With
    // Content-Length, which of a HEAD says what a GET would have had; a 304 has none. A view, so
    // that a file from the cache, whose fields stand ready, is answered without allocating
    // anything.
    std::span<const HeaderField> fields = {};
    std::string_view bytes = {};          // the body from memory, or
    FilePiece file = {};                  // the body from a file; length 0: none
    std::span<const BodyPart> more = {};  // the rest of the body, behind those
    // Keeps everything alive that is viewed above.
    std::shared_ptr<const void> owner = {};
    bool goes_on = false;  // behind `bytes` more is told (admin_pages.hpp)
};

}  // namespace bundle
