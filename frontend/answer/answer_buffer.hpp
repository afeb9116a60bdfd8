// The part of an answer that the client has not taken yet: in memory up to a limit, then in an
// unlinked temporary file, so that the worker is free while the client reads. No sockets in here.
//
// Pieces keep their order. Files stay files: they are read when their turn comes, and cost no
// memory. When the temporary file cannot take more, bytes stay in memory and the buffer is full:
// its source waits, so that it is no more than what had been read from it already.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "frontend/answer/answer.hpp"
#include "frontend/request/spool_file.hpp"
#include "shared/base/bytes.hpp"
#include "shared/base/result.hpp"

namespace bundle {

struct AnswerLimits {
    Bytes memory;                 // above this, bytes go to the temporary file
    Bytes disk;                   // above this as well, the buffer is full and its source must wait
    SpoolSpace* space = nullptr;  // for the temporary file; outlives the buffers. None: no file,
                                  // and the buffer is full above `memory`
};

class AnswerBuffer {
  public:
    // Copies.
    void append(std::string_view bytes, const AnswerLimits& limits);
    // Without a copy: `owner` keeps the bytes, or the descriptor, alive.
    void append_shared(std::string_view bytes, std::shared_ptr<const void> owner);
    void append_file(const FilePiece& file, std::shared_ptr<const void> owner);

    [[nodiscard]] bool empty() const { return first_ == pieces_.size(); }
    [[nodiscard]] std::uint64_t size() const;  // bytes that wait, files included
    // High mark: the source must wait. Low mark: it may go on.
    [[nodiscard]] bool full(const AnswerLimits& limits) const;
    [[nodiscard]] bool has_room(const AnswerLimits& limits) const;

    // Views of the bytes in memory that come next, up to the first file; how many views there are.
    std::size_t gather(std::span<std::string_view> views) const;
    // The file that comes next, when no bytes stand before it.
    [[nodiscard]] std::optional<FilePiece> next_file() const;
    // That many bytes of what comes next have been sent.
    void consume(std::uint64_t count);
    // Copies what comes next into all of `into`, read from files where need be, and takes it.
    // False: a file has become shorter, or cannot be read; the answer cannot be completed.
    bool copy_next(std::span<char> into);
    // Takes up to `most` bytes of what comes next, read from a file where need be. A file that has
    // become shorter than it was when it was appended is an error: the answer cannot be completed.
    Result<std::string> take(std::size_t most);

    // Those that are done but not forgotten yet among them.
    [[nodiscard]] std::size_t pieces_kept() const { return pieces_.size(); }

    // For the next answer; keeps a small capacity.
    void clear();

  private:
    struct Piece {
        std::string copied;       // bytes in memory that are ours, or
        std::string_view shared;  // bytes that `owner` keeps, or
        FilePiece file;           // a piece of a file: of `owner`, or of the spool
        std::shared_ptr<const void> owner;
        bool spooled = false;

        [[nodiscard]] std::uint64_t size() const {
            return file.fd >= 0 ? file.length : bytes().size();
        }
        [[nodiscard]] std::string_view bytes() const {
            return owner ? shared : std::string_view(copied).substr(taken);
        }
        std::size_t taken = 0;  // of `copied`
    };

    [[nodiscard]] Piece& front() { return pieces_[first_]; }
    [[nodiscard]] const Piece& front() const { return pieces_[first_]; }
    void drop_front();
    void append_copied(std::string_view bytes);
    // False: the temporary file cannot take them now.
    bool spool(std::string_view bytes, SpoolSpace& space);

    std::vector<Piece> pieces_;  // those before first_ are done
    std::size_t first_ = 0;
    std::string spare_;            // what it has is capacity
    std::uint64_t in_memory_ = 0;  // copied bytes that wait
    std::uint64_t on_disk_ = 0;    // spooled bytes that wait
    SpoolFile spool_;
};

}  // namespace bundle
