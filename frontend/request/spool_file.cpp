#include "frontend/request/spool_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <utility>

namespace bundle {

namespace {

// None, with errno, when it cannot be made.
OwnedFd unlinked_file(const std::string& directory) {
    OwnedFd file(open(directory.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
    if (file || (errno != EOPNOTSUPP && errno != EISDIR)) return file;
    // A file system without O_TMPFILE (NFS, some overlays): make one and unlink it.
    std::string path = directory + "/bundle-spool-XXXXXX";
    file = OwnedFd(mkostemp(path.data(), O_CLOEXEC));
    if (file && unlink(path.c_str()) != 0) file = OwnedFd();
    return file;
}

Spooled outcome_of(int error) {
    const bool full = error == ENOSPC || error == EDQUOT || error == EFBIG;
    return full ? Spooled::NoRoom : Spooled::Failed;
}

}  // namespace

Spooled SpoolFile::append(std::string_view bytes, SpoolSpace& space) {
    if (!space.has_room(bytes.size())) return Spooled::NoRoom;
    if (!file_) {
        file_ = unlinked_file(space.directory());
        const int error = errno;
        if (!file_) {
            space.failed("make a temporary file", error);
            return outcome_of(error);
        }
        space_ = &space;
    }
    auto end = size_;
    while (!bytes.empty()) {
        const ssize_t written =
            pwrite(file_.get(), bytes.data(), bytes.size(), static_cast<off_t>(end));
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) {
            const int error = errno;
            space.failed("write a temporary file", error);
            // A part may have fitted, and would hold what little space there is.
            [[maybe_unused]] const int cut = ftruncate(file_.get(), static_cast<off_t>(size_));
            return outcome_of(error);
        }
        bytes.remove_prefix(static_cast<std::size_t>(written));
        end += static_cast<std::uint64_t>(written);
    }
    space.took(end - size_);
    size_ = end;
    return Spooled::Kept;
}

void SpoolFile::forget_before(std::uint64_t offset) {
    constexpr std::uint64_t kStep = 8U << 20;
    if (offset < forgotten_ + kStep) return;
    const std::uint64_t count = (offset - forgotten_) / kStep * kStep;
    // A file system that cannot make holes keeps the space until the answer is sent.
    const int punched = fallocate(file_.get(), FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
                                  static_cast<off_t>(forgotten_), static_cast<off_t>(count));
    forgotten_ += count;
    if (punched != 0) return;
    freed_ += count;
    space_->gave_back(count);
}

void SpoolFile::rewind() {
    if (size_ == 0) return;
    give_back();
    // Only space is at stake: a file that cannot be cut is written over.
    [[maybe_unused]] const int cut = ftruncate(file_.get(), 0);
}

void SpoolFile::give_back() {
    if (space_ != nullptr) space_->gave_back(size_ - freed_);
    size_ = forgotten_ = freed_ = 0;
}

void SpoolFile::close() {
    give_back();
    file_ = OwnedFd();
    space_ = nullptr;
}

}  // namespace bundle
