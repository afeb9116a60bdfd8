// An unlinked temporary file for what does not fit in memory: nobody else can open it, and nothing
// is left of it whatever happens to the process.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "shared/base/owned_fd.hpp"
#include "shared/base/result.hpp"

namespace bundle {

class SpoolFile {
  public:
    // Appends; the file is made in `directory` with the first byte. After an error nothing of
    // `bytes` counts.
    Result<void> append(std::string_view bytes, const std::string& directory);
    // The bytes before `offset` are not needed any more: gives their disk space back, in large
    // steps.
    void forget_before(std::uint64_t offset);
    // None are needed; the file stays for further use.
    void rewind();

    [[nodiscard]] std::uint64_t size() const { return size_; }
    [[nodiscard]] int fd() const { return file_.get(); }
    [[nodiscard]] bool is_open() const { return static_cast<bool>(file_); }
    void close() {
        file_ = OwnedFd();
        size_ = 0;
        forgotten_ = 0;
    }

  private:
    OwnedFd file_;
    std::uint64_t size_ = 0;
    std::uint64_t forgotten_ = 0;
};

}  // namespace bundle
