#include "frontend/observe/log_writer.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <string_view>
#include <thread>
#include <utility>

namespace bundle {

namespace {

constexpr std::size_t kMostWaiting = 4U << 20;
constexpr std::chrono::seconds kPatienceAtTheEnd{5};

std::uint64_t lines_in(std::string_view text) {
    return static_cast<std::uint64_t>(std::ranges::count(text, '\n'));
}

std::optional<std::pair<dev_t, ino_t>> identity_of(int file) {
    struct stat facts {};
    if (fstat(file, &facts) != 0) return std::nullopt;
    return std::pair(facts.st_dev, facts.st_ino);
}

}  // namespace

LogWriter::LogWriter() : state_(std::make_shared<State>()) {
    std::thread([state = state_] { run(*state); }).detach();
}

LogWriter::~LogWriter() {
    std::unique_lock lock(state_->mutex);
    state_->ends = true;
    state_->changed.notify_all();
    state_->changed.wait_for(lock, kPatienceAtTheEnd, [this] { return state_->pieces.empty(); });
}

void LogWriter::write(std::shared_ptr<const OwnedFd> file, std::string lines) {
    const std::lock_guard lock(state_->mutex);
    if (state_->waiting + lines.size() > kMostWaiting) {
        state_->lost += lines_in(lines);
        state_->error = EAGAIN;
        state_->fails = true;
        return;
    }
    state_->waiting += lines.size();
    state_->pieces.push_back({std::move(file), std::move(lines)});
    state_->changed.notify_all();
}

void LogWriter::run(State& state) {
    std::unique_lock lock(state.mutex);
    for (;;) {
        state.changed.wait(lock, [&state] { return state.ends || !state.pieces.empty(); });
        if (state.pieces.empty()) return;
        const Piece& piece = state.pieces.front();  // stays where it is while others are added
        lock.unlock();
        write_whole(state, piece);
        lock.lock();
        state.waiting -= piece.lines.size();
        state.pieces.pop_front();
        state.changed.notify_all();
    }
}

void LogWriter::write_whole(State& state, const Piece& piece) {
    const int file = piece.file->get();
    const bool continues_torn = state.torn && state.torn == identity_of(file);
    if (continues_torn && !write_some(state, file, "\n").empty()) {
        state.lost += lines_in(piece.lines);
        return;
    }
    if (continues_torn) state.torn.reset();
    const std::string_view rest = write_some(state, file, piece.lines);
    state.lost += lines_in(rest);
    const std::size_t taken = piece.lines.size() - rest.size();
    if (taken > 0 && piece.lines[taken - 1] != '\n') state.torn = identity_of(file);
}

// What it did not take.
std::string_view LogWriter::write_some(State& state, int file, std::string_view rest) {
    while (!rest.empty()) {
        const ssize_t taken = ::write(file, rest.data(), rest.size());
        if (taken < 0 && errno == EINTR) continue;
        if (taken <= 0) {
            state.error = errno;
            break;
        }
        rest.remove_prefix(static_cast<std::size_t>(taken));
    }
    state.fails = !rest.empty();
    return rest;
}

}  // namespace bundle
