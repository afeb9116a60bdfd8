#include "backend/wsgi/body_reader.hpp"

#include <Python.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace bundle {

namespace {

constexpr std::size_t kWindowSize = 64U << 10;

// All of `size` bytes; false with errno, which is 0 when the file ended.
bool pread_all(int file, char* into, std::size_t size, std::uint64_t offset) {
    while (size > 0) {
        const ssize_t got = ::pread(file, into, size, static_cast<off_t>(offset));
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) {
            if (got == 0) errno = 0;
            return false;
        }
        into += got;
        offset += static_cast<std::uint64_t>(got);
        size -= static_cast<std::size_t>(got);
    }
    return true;
}

}  // namespace

void BodyReader::close() {
    if (state_ == State::Reading) {
        state_ = State::ClosingAfterRead;
        return;
    }
    state_ = State::Closed;
    window_ = {};
    window_memory_.reset();
    file_ = OwnedFd();
}

bool BodyReader::check_usable() const {
    switch (state_) {
        case State::Open:
            return true;
        case State::Reading:
            PyErr_SetString(PyExc_RuntimeError, "wsgi.input is being read by another thread");
            return false;
        case State::ClosingAfterRead:
        case State::Closed:
            PyErr_SetString(PyExc_ValueError, "wsgi.input is closed, or its request has ended");
            return false;
    }
    return false;
}

std::string_view BodyReader::ready() const {
    if (position_ < window_offset_ || position_ - window_offset_ >= window_.size()) return {};
    return window_.substr(static_cast<std::size_t>(position_ - window_offset_));
}

bool BodyReader::look(std::string_view& into) {
    if (ready().empty() && remaining() > 0 && !fill_window()) return false;
    into = ready();
    return true;
}

bool BodyReader::read(char* into, std::size_t size) {
    const std::uint64_t start = position_;
    while (size > 0) {
        const std::string_view part = ready().substr(0, size);
        std::copy(part.begin(), part.end(), into);  // memcpy would not take an empty view
        position_ += part.size();
        into += part.size();
        size -= part.size();
        // A large rest goes straight to where it is wanted.
        const bool read_on =
            size >= kWindowSize ? read_file(into, size, position_) : size == 0 || fill_window();
        if (!read_on) {
            position_ = start;
            return false;
        }
        if (size >= kWindowSize) {
            position_ += size;
            size = 0;
        }
    }
    return true;
}

bool BodyReader::fill_window() {
    if (!window_memory_) window_memory_ = std::make_unique<char[]>(kWindowSize);
    const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(kWindowSize, remaining()));
    window_ = {};
    if (!read_file(window_memory_.get(), size, position_)) return false;
    window_ = {window_memory_.get(), size};
    window_offset_ = position_;
    return true;
}

bool BodyReader::read_file(char* into, std::size_t size, std::uint64_t offset) {
    state_ = State::Reading;
    bool complete = false;
    int error = 0;
    Py_BEGIN_ALLOW_THREADS;
    complete = pread_all(file_.get(), into, size, offset);
    error = errno;
    Py_END_ALLOW_THREADS;
    const bool must_close = state_ == State::ClosingAfterRead;
    state_ = State::Open;
    if (must_close) {
        close();
        return check_usable();
    }
    if (complete) return true;
    errno =
        error != 0 ? error : EIO;  // a spooled body that is shorter than the front said is broken
    PyErr_SetFromErrno(PyExc_OSError);
    return false;
}

}  // namespace bundle
