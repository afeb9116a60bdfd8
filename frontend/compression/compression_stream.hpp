// Compression of a body in one of the codings, as a stream: bytes go in, bytes come out.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "frontend/compression/content_coding.hpp"

namespace bundle {

enum class Flush : std::uint8_t {
    None,  // what was given may be held back
    Sync,  // all of it can be read by whoever gets the bytes
    End,
};

struct BodyCoding {
    std::uint32_t level = 1;    // as the coding counts them
    std::uint64_t length = 0;   // of the body; 0: nobody knows
    std::uint32_t padding = 0;  // so many bytes beside it that mean nothing
};

class CompressionStream {
  public:
    CompressionStream(const CompressionStream&) = delete;  // the libraries' states stay in place
    CompressionStream& operator=(const CompressionStream&) = delete;
    CompressionStream(CompressionStream&&) = delete;
    CompressionStream& operator=(CompressionStream&&) = delete;
    virtual ~CompressionStream() = default;

    // Comes first, and for each further body.
    void begin(const BodyCoding& body) {
        held_back_ = 0;
        restart(body);
    }
    // Compresses `bytes`, and appends what is ready to `out`.
    void add(std::string_view bytes, Flush flush, std::string& out) {
        held_back_ = flush == Flush::None ? held_back_ + bytes.size() : 0;
        compress(bytes, flush, out);
    }
    // Of what was given, so much at most may not be in what came out yet.
    [[nodiscard]] std::uint64_t held_back() const { return held_back_; }
    [[nodiscard]] virtual Coding coding() const = 0;
    // Whether begin() costs less than a new one does.
    [[nodiscard]] virtual bool is_worth_keeping() const = 0;

  protected:
    CompressionStream() = default;

  private:
    virtual void restart(const BodyCoding& body) = 0;
    virtual void compress(std::string_view bytes, Flush flush, std::string& out) = 0;

    std::uint64_t held_back_ = 0;
};

}  // namespace bundle
