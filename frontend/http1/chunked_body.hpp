// A chunked body and its trailer section (RFC 9112 section 7.1), decoded by llhttp within limits of
// ours.
#pragma once
#include <llhttp.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "frontend/http1/line_scan.hpp"
#include "frontend/request/request_head.hpp"

namespace bundle::http1 {

class ChunkedBody {
  public:
    enum class Outcome { NeedMore, Done, Refused };

    void start();

    // Takes bytes off the front of `bytes`; pieces of the body, which point into it, are appended
    // to `pieces`. Trailers are checked and dropped: nobody asked for them, and merging them into
    // the head would let a client add to it what was checked before.
    Outcome read(std::string_view& bytes, std::vector<std::string_view>& pieces);
    [[nodiscard]] const Refusal& refusal() const { return refusal_; }

  private:
    enum class Part { Chunks, Trailers };
    struct Callbacks;

    Outcome read_chunks(std::string_view& bytes, std::vector<std::string_view>& pieces);
    Outcome read_trailers(std::string_view& bytes);
    Outcome finish();
    // Counts bytes up to `end` as bytes without data; false when there are too many.
    bool count_framing(const char* end);
    Outcome refuse(std::uint16_t status, std::string_view reason);

    llhttp_t llhttp_;
    Part part_ = Part::Chunks;
    std::vector<std::string_view>* pieces_ = nullptr;  // during read_chunks()
    const char* counted_ = nullptr;  // during read_chunks(): data or framing up to here
    std::size_t framing_bytes_ = 0;  // since the last byte of data
    std::string trailers_;
    LineScan trailer_scan_{LineScan::FirstLine::IsField};
    Refusal refusal_;
};

}  // namespace bundle::http1
