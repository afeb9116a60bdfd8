// Appends lines to files from a thread of its own, because a disk (or a server of files) can keep
// whoever writes waiting for as long as it likes, whatever the flags of the descriptor.
#pragma once
#include <sys/types.h>

#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "shared/base/owned_fd.hpp"

namespace bundle {

class LogWriter {
  public:
    LogWriter();
    LogWriter(const LogWriter&) = delete;
    LogWriter& operator=(const LogWriter&) = delete;
    // What was given is written first, unless the disk stands still.
    ~LogWriter();

    // Never waits. Where too much waits already, or the disk takes no more, lines are lost and
    // counted.
    void write(std::shared_ptr<const OwnedFd> file, std::string lines);
    [[nodiscard]] std::uint64_t lost() const { return state_->lost; }
    // errno of the last failure; EAGAIN: the disk is too slow.
    [[nodiscard]] int last_error() const { return state_->error; }
    // The last lines were lost.
    [[nodiscard]] bool fails() const { return state_->fails; }

  private:
    struct Piece {
        std::shared_ptr<const OwnedFd> file;
        std::string lines;
    };
    // The thread's as well, which may not come back from a write any more.
    struct State {
        std::mutex mutex;
        std::condition_variable changed;
        std::deque<Piece> pieces;  // the first is being written
        std::size_t waiting = 0;   // bytes
        bool ends = false;
        std::atomic<std::uint64_t> lost = 0;
        std::atomic<int> error = EAGAIN;
        std::atomic<bool> fails = false;
        // The device and number of the file that ends within a line; the thread's.
        std::optional<std::pair<dev_t, ino_t>> torn;
    };
    static void run(State& state);
    static void write_whole(State& state, const Piece& piece);
    static std::string_view write_some(State& state, int file, std::string_view rest);

    std::shared_ptr<State> state_;
};

}  // namespace bundle
