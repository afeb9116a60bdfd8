// An unlinked temporary file for what does not fit in memory: nobody else can open it, and nothing
// is left of it whatever happens to the process.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "frontend/request/spool_space.hpp"
#include "shared/base/owned_fd.hpp"

namespace bundle {

enum class Spooled : std::uint8_t {
    Kept,
    NoRoom,  // the disk is full, or as full as it may be
    Failed,  // the disk or the process cannot: an input/output error, no descriptor left
};

class SpoolFile {
  public:
    SpoolFile() = default;
    SpoolFile(const SpoolFile&) = delete;
    SpoolFile& operator=(const SpoolFile&) = delete;
    ~SpoolFile() { close(); }

    // Appends; the file is made with the first byte. Unless it is kept, nothing of `bytes` counts.
    // `space` outlives the file.
    Spooled append(std::string_view bytes, SpoolSpace& space);
    // The bytes before `offset` are not needed any more: gives their disk space back, in large
    // steps.
    void forget_before(std::uint64_t offset);
    // None are needed; the file stays for further use.
    void rewind();
    void close();

    [[nodiscard]] std::uint64_t size() const { return size_; }
    [[nodiscard]] int fd() const { return file_.get(); }
    [[nodiscard]] bool is_open() const { return static_cast<bool>(file_); }

  private:
    void give_back();

    OwnedFd file_;
    SpoolSpace* space_ = nullptr;  // of the file when it is open
    std::uint64_t size_ = 0;
    std::uint64_t forgotten_ = 0;
    std::uint64_t freed_ = 0;  // of the forgotten ones
};

}  // namespace bundle
