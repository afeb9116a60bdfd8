// A descriptor that a log is appended to, a file, pipe, terminal or socket, written without waiting
// for longer than one has patience.
#pragma once
#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <string_view>

namespace bundle {

class LogStream {
  public:
    // The descriptor stays the caller's, and its flags as they are, for others (a terminal, the
    // master) may hold it too. None: below 0.
    explicit LogStream(int fd);

    // Bytes taken; 0 when it takes none in that time, -1 when waiting does not help. What it takes
    // at once of a pipe is PIPE_BUF bytes, which nobody else's come between.
    [[nodiscard]] ssize_t write_some(std::string_view bytes,
                                     std::chrono::milliseconds patience) const;
    [[nodiscard]] bool is_regular_file() const { return kind_ == Kind::RegularFile; }
    [[nodiscard]] bool is_null() const { return kind_ == Kind::Null; }

  private:
    enum class Kind { Null, RegularFile, Socket, Other };  // Null: /dev/null, and no descriptor

    int fd_;
    Kind kind_;
};

}  // namespace bundle
