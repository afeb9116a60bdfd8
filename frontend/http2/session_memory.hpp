// Where a session of nghttp2 keeps its large blocks, of which it uses next to nothing: a buffer for
// a frame, in which a head of an answer is some hundred bytes, and a table of streams. They lie in
// pages of their own, so that those never written to cost nothing, and while a connection is idle
// none of them does: what is in them is put aside, byte for byte, and put back before it is needed.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace bundle::http2 {

// Of one event loop; outlives its sessions.
class SessionPages {
  public:
    static constexpr std::size_t kPage = 4096;
    static constexpr std::size_t kPages = 6;  // of a session: four and a bit, and one
    static constexpr std::size_t kSize = kPages * kPage;

    SessionPages() = default;
    SessionPages(const SessionPages&) = delete;
    SessionPages& operator=(const SessionPages&) = delete;
    ~SessionPages();

    // kSize bytes, all zero. nullptr: the kernel has no more, or larger pages than these.
    char* take();
    void give_back(char* pages);
    // They are all zero again, and cost nothing.
    static void forget(char* pages);

  private:
    static constexpr std::size_t kAtOnce = 64;  // sessions for which the kernel is asked together

    std::vector<void*> mapped_;
    std::vector<char*> unused_;
};

class SessionMemory {
  public:
    explicit SessionMemory(SessionPages& pages) : pool_(pages) {}
    SessionMemory(const SessionMemory&) = delete;
    SessionMemory& operator=(const SessionMemory&) = delete;
    ~SessionMemory();

    // As malloc() and its like.
    void* allocate(std::size_t size);
    void* allocate_zeroed(std::size_t count, std::size_t size);
    void* resize(void* block, std::size_t size);
    void release(void* block);

    // Until wake(), nobody may look at anything that was allocated.
    void sleep();
    void wake() {
        if (sleeps_) restore();
    }

  private:
    static constexpr std::size_t kLarge = SessionPages::kPage;
    static constexpr std::size_t kPieceSize = 64;

    struct Block {
        char* begin = nullptr;
        std::size_t size = 0;
    };
    struct Piece {
        std::uint16_t at;  // in pieces
        std::array<char, kPieceSize> bytes;
    };

    [[nodiscard]] char* place_for(std::size_t size);
    [[nodiscard]] const Block* own(const void* block) const;
    void restore();

    SessionPages& pool_;
    char* pages_ = nullptr;
    std::size_t used_ = 0;
    std::array<Block, 2> blocks_;  // in the pages
    bool sleeps_ = false;
    std::vector<Piece> kept_;  // while it sleeps: what is not zero; none: it all stayed there
};

}  // namespace bundle::http2
