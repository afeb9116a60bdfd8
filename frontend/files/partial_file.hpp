// Parts of a file as an answer (RFC 9110 sections 14 and 15.3.7): one as it is, several as
// multipart/byteranges.
#pragma once
#include <span>

#include "frontend/answer/answer.hpp"
#include "frontend/files/byte_range.hpp"
#include "frontend/files/open_file.hpp"

namespace bundle {

// 206. There is at least one part, and all lie in the file.
Answer parts_of_file(std::shared_ptr<const OpenFile> file, std::span<const ByteRange> parts);

// 416.
Answer no_such_part(const OpenFile& file);

}  // namespace bundle
