// A request's body while the client sends it: in memory up to a limit, then in an unlinked
// temporary file that a worker gets as a descriptor. A worker never waits for a client's body.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "frontend/request/spool_file.hpp"
#include "shared/base/bytes.hpp"

namespace bundle {

struct BodyLimits {
    Bytes memory;                 // above this, all of the body goes to the temporary file
    Bytes max;                    // above this, the request is refused: 413
    SpoolSpace* space = nullptr;  // for the temporary file; outlives the buffers
};

enum class BodyAppend : std::uint8_t {
    Kept,
    TooLarge,
    NoRoom,  // on the disk
    Failed,  // the temporary file cannot be made or written, and that is logged
};

class BodyBuffer {
  public:
    BodyAppend append(std::string_view bytes, const BodyLimits& limits);

    // All of it is here: the file gets what is still gathered for it.
    BodyAppend finish(const BodyLimits& limits) {
        return spooled() ? empty_memory(*limits.space) : BodyAppend::Kept;
    }

    [[nodiscard]] std::uint64_t size() const { return spool_.size() + memory_.size(); }
    [[nodiscard]] bool spooled() const { return spool_.is_open(); }
    [[nodiscard]] std::string_view bytes() const { return memory_; }  // when it is not spooled
    [[nodiscard]] int fd() const { return spool_.fd(); }              // when it is

    // For the next request; keeps a small capacity.
    void clear();

  private:
    void forget_memory();
    BodyAppend empty_memory(SpoolSpace& space);
    BodyAppend spool(std::string_view bytes, SpoolSpace& space);

    std::string memory_;  // or what is gathered for the file: pieces can be of a byte each
    SpoolFile spool_;
};

}  // namespace bundle
