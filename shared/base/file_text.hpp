// A small file as text, read whole; and a piece of any file.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>

#include "shared/base/result.hpp"

namespace bundle {

// What does not fit into `limit` bytes is an error: nobody meant it for us.
Result<std::string> read_text_file(const std::string& path, std::size_t limit = 16 << 20);
Result<std::string> read_text(int fd, const std::string& name, std::size_t limit = 16 << 20);
// From its start, wherever others that have it open, too, have got to.
Result<std::string> read_from_start(int fd, const std::string& name);
// Fills `bytes` with what stands at `offset`; false when it cannot.
bool read_at(int fd, std::string& bytes, std::uint64_t offset);

}  // namespace bundle
