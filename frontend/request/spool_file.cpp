#include "frontend/request/spool_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>

namespace bundle {

namespace {

Result<OwnedFd> unlinked_file(const std::string& directory) {
    OwnedFd file(open(directory.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
    if (file) return file;
    if (errno != EOPNOTSUPP && errno != EISDIR) {
        return system_failure(fmt::format("make a temporary file in {}", directory));
    }
    // A file system without O_TMPFILE (NFS, some overlays): make one and unlink it.
    std::string path = directory + "/bundle-spool-XXXXXX";
    file = OwnedFd(mkostemp(path.data(), O_CLOEXEC));
    if (!file) return system_failure(fmt::format("make a temporary file in {}", directory));
    if (unlink(path.c_str()) != 0) return system_failure(fmt::format("unlink {}", path));
    return file;
}

}  // namespace

Result<void> SpoolFile::append(std::string_view bytes, const std::string& directory) {
    if (!file_) {
        TRY_ASSIGN(file_, unlinked_file(directory));
    }
    auto end = size_;
    while (!bytes.empty()) {
        const ssize_t written =
            pwrite(file_.get(), bytes.data(), bytes.size(), static_cast<off_t>(end));
        if (written < 0 && errno == EINTR) continue;
        if (written < 0)
            return system_failure(fmt::format("write a temporary file in {}", directory));
        bytes.remove_prefix(static_cast<std::size_t>(written));
        end += static_cast<std::uint64_t>(written);
    }
    size_ = end;
    return {};
}

void SpoolFile::forget_before(std::uint64_t offset) {
    constexpr std::uint64_t kStep = 8U << 20;
    if (offset < forgotten_ + kStep) return;
    const std::uint64_t count = (offset - forgotten_) / kStep * kStep;
    // A file system that cannot make holes keeps the space until the answer is sent.
    [[maybe_unused]] const int punched =
        fallocate(file_.get(), FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
                  static_cast<off_t>(forgotten_), static_cast<off_t>(count));
    forgotten_ += count;
}

void SpoolFile::rewind() {
    if (size_ == 0) return;
    size_ = 0;
    forgotten_ = 0;
    // Only space is at stake: a file that cannot be cut is written over.
    [[maybe_unused]] const int cut = ftruncate(file_.get(), 0);
}

}  // namespace bundle
