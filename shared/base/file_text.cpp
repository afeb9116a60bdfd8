#include "shared/base/file_text.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>

#include "shared/base/owned_fd.hpp"

namespace bundle {

Result<std::string> read_text(int fd, const std::string& name, std::size_t limit) {
    std::string text;
    std::array<char, 16384> piece;
    for (;;) {
        const ssize_t count = ::read(fd, piece.data(), piece.size());
        if (count == 0) return text;
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return system_failure("read " + name);
        text.append(piece.data(), static_cast<std::size_t>(count));
        if (text.size() > limit)
            return failure("read " + name + ": it is larger than " + std::to_string(limit) +
                           " bytes");
    }
}

Result<std::string> read_from_start(int fd, const std::string& name) {
    struct stat status {};
    if (fstat(fd, &status) != 0) return system_failure("read " + name);
    std::string text(static_cast<std::size_t>(status.st_size), '\0');
    const ssize_t got = pread(fd, text.data(), text.size(), 0);
    if (got != static_cast<ssize_t>(text.size())) return system_failure("read " + name);
    return text;
}

bool read_at(int fd, std::string& bytes, std::uint64_t offset) {
    std::size_t length = 0;
    while (length < bytes.size()) {
        const ssize_t got = pread(fd, bytes.data() + length, bytes.size() - length,
                                  static_cast<off_t>(offset + length));
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return false;
        length += static_cast<std::size_t>(got);
    }
    return true;
}

Result<std::string> read_text_file(const std::string& path, std::size_t limit) {
    const OwnedFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
    if (!fd) return system_failure("open " + path);
    return read_text(fd.get(), path, limit);
}

}  // namespace bundle
