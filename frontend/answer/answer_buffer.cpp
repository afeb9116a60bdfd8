#include "frontend/answer/answer_buffer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <utility>

namespace bundle {

namespace {

// Small pieces are gathered in one string; a larger one starts a string of its own, so that what
// was sent can be freed before the whole answer is.
constexpr std::size_t kGatherBelow = 64U << 10;
// Shared bytes up to this are copied: with the head they make one buffer for one write(2), which
// costs less than a writev(2) of two.
constexpr std::size_t kCopyUpTo = 4U << 10;
// The largest piece whose memory is kept.
constexpr std::size_t kSpare = 8U << 10;
// So many pieces that are done may stand in front of those that wait.
constexpr std::size_t kDonePieces = 16;

}  // namespace

void AnswerBuffer::append(std::string_view bytes, const AnswerLimits& limits) {
    if (bytes.empty()) return;
    const bool after_spooled = !empty() && pieces_.back().spooled;
    const bool fits = !after_spooled && in_memory_ + bytes.size() <= limits.memory.count;
    if (fits || limits.space == nullptr || !spool(bytes, *limits.space)) append_copied(bytes);
}

void AnswerBuffer::append_copied(std::string_view bytes) {
    in_memory_ += bytes.size();
    const bool can_gather = !empty() && pieces_.back().file.fd < 0 && !pieces_.back().owner &&
                            pieces_.back().copied.size() < kGatherBelow;
    if (can_gather) {
        pieces_.back().copied.append(bytes);
    } else {
        pieces_.emplace_back().copied = std::move(spare_);
        pieces_.back().copied.assign(bytes);
    }
}

bool AnswerBuffer::spool(std::string_view bytes, SpoolSpace& space) {
    const auto offset = spool_.size();
    if (spool_.append(bytes, space) != Spooled::Kept) return false;
    on_disk_ += bytes.size();
    if (!empty() && pieces_.back().spooled) {
        pieces_.back().file.length += bytes.size();
    } else {
        Piece& piece = pieces_.emplace_back();
        piece.file = {spool_.fd(), offset, bytes.size()};
        piece.spooled = true;
    }
    return true;
}

void AnswerBuffer::append_shared(std::string_view bytes, std::shared_ptr<const void> owner) {
    if (bytes.empty()) return;
    if (bytes.size() <= kCopyUpTo) return append_copied(bytes);
    Piece& piece = pieces_.emplace_back();
    piece.shared = bytes;
    piece.owner = std::move(owner);
}

void AnswerBuffer::append_file(const FilePiece& file, std::shared_ptr<const void> owner) {
    if (file.length == 0) return;
    Piece& piece = pieces_.emplace_back();
    piece.file = file;
    piece.owner = std::move(owner);
}

std::uint64_t AnswerBuffer::size() const {
    std::uint64_t bytes = 0;
    for (std::size_t i = first_; i < pieces_.size(); ++i) bytes += pieces_[i].size();
    return bytes;
}

bool AnswerBuffer::full(const AnswerLimits& limits) const {
    return on_disk_ > limits.disk.count || in_memory_ > limits.memory.count;
}

bool AnswerBuffer::has_room(const AnswerLimits& limits) const {
    if (on_disk_ > limits.disk.count / 2) return false;
    if (in_memory_ <= limits.memory.count / 2) return true;
    // Above the mark there is only what the temporary file could not take.
    return limits.space != nullptr && in_memory_ <= limits.memory.count &&
           limits.space->has_room(kGatherBelow);
}

std::size_t AnswerBuffer::gather(std::span<std::string_view> views) const {
    std::size_t count = 0;
    for (std::size_t i = first_; i < pieces_.size() && count < views.size(); ++i) {
        if (pieces_[i].file.fd >= 0) break;
        views[count++] = pieces_[i].bytes();
    }
    return count;
}

std::optional<FilePiece> AnswerBuffer::next_file() const {
    if (empty() || front().file.fd < 0) return std::nullopt;
    return front().file;
}

void AnswerBuffer::consume(std::uint64_t count) {
    while (count > 0 && !empty()) {
        Piece& piece = front();
        const std::uint64_t part = std::min(count, piece.size());
        count -= part;
        if (piece.file.fd >= 0) {
            piece.file.offset += part;
            piece.file.length -= part;
            if (piece.spooled) {
                on_disk_ -= part;
                spool_.forget_before(piece.file.offset);
            }
        } else if (piece.owner) {
            piece.shared.remove_prefix(static_cast<std::size_t>(part));
        } else {
            piece.taken += static_cast<std::size_t>(part);
            in_memory_ -= part;
        }
        if (piece.size() == 0) drop_front();
    }
}

void AnswerBuffer::drop_front() {
    const bool was_spooled = front().spooled;
    // Nearly every answer is one small piece: its memory is good for the next one.
    if (front().copied.capacity() <= kSpare) spare_ = std::move(front().copied);
    pieces_[first_++] = Piece();
    if (was_spooled && on_disk_ == 0) spool_.rewind();
    if (first_ == pieces_.size()) {
        pieces_.clear();
        first_ = 0;
    }
    // A stream whose client is always a little behind never comes to its end.
    if (first_ >= kDonePieces && first_ * 2 >= pieces_.size()) {
        pieces_.erase(pieces_.begin(), pieces_.begin() + static_cast<std::ptrdiff_t>(first_));
        first_ = 0;
    }
}

bool AnswerBuffer::copy_next(std::span<char> into) {
    while (!into.empty()) {
        if (empty()) return false;
        auto size = static_cast<std::size_t>(std::min<std::uint64_t>(into.size(), front().size()));
        if (const auto file = next_file()) {
            const ssize_t got =
                pread(file->fd, into.data(), size, static_cast<off_t>(file->offset));
            if (got <= 0) return false;
            size = static_cast<std::size_t>(got);
        } else {
            std::memcpy(into.data(), front().bytes().data(), size);
        }
        consume(size);
        into = into.subspan(size);
    }
    return true;
}

Result<std::string> AnswerBuffer::take(std::size_t most) {
    std::string taken;
    if (empty()) return taken;
    const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(most, front().size()));
    if (const auto file = next_file()) {
        taken.resize(size);
        const ssize_t got = pread(file->fd, taken.data(), size, static_cast<off_t>(file->offset));
        if (got < 0) return system_failure("read the file of an answer");
        if (got == 0) return failure("the file of an answer became shorter while it was sent");
        taken.resize(static_cast<std::size_t>(got));
    } else {
        taken.assign(front().bytes().substr(0, size));
    }
    consume(taken.size());
    return taken;
}

void AnswerBuffer::clear() {
    pieces_.clear();
    first_ = 0;
    in_memory_ = 0;
    on_disk_ = 0;
    spool_.close();
    if (pieces_.capacity() > kDonePieces) pieces_.shrink_to_fit();
}

}  // namespace bundle
