// One answer on its way to a client: framed, and held to its own announcement. What is
// produced beyond Content-Length is cut; what falls short of it cannot be completed. No sockets in
// here.
#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "frontend/answer/answer_buffer.hpp"
#include "frontend/answer/response_writer.hpp"
#include "shared/base/owned_fd.hpp"

namespace bundle {

enum class AnswerEnd : std::uint8_t { Complete, Short };

class FramedAnswer {
  public:
    // False: the fields are not those of an answer (see write_answer_head()), and nothing was
    // begun. `scratch` is used to put the head together.
    bool begin(std::uint16_t status, std::string_view reason, std::span<const HeaderField> fields,
               const AnswerContext& context, std::string& scratch);

    // A piece of the body is opened, appended to buffer() (or sent past it, when that is empty),
    // and closed. What open_piece() returns is the part of `bytes` that belongs to the body.
    std::string_view open_piece(std::string_view bytes);
    void close_piece();
    void file(FilePiece piece, std::shared_ptr<const void> owner);
    void shared_bytes(std::string_view bytes,
                      std::shared_ptr<const void> owner);  // not for Chunked
    AnswerEnd end();

    void set_limits(const AnswerLimits& limits) { limits_ = &limits; }  // which outlive the answer
    // For HTTP/2 the head stands here, as head_writer.hpp packs it, and not in the buffer.
    [[nodiscard]] std::string_view packed_head() const { return packed_head_; }
    [[nodiscard]] AnswerBuffer& buffer() { return buffer_; }
    [[nodiscard]] const AnswerBuffer& buffer() const { return buffer_; }
    [[nodiscard]] bool full() const { return buffer_.full(*limits_); }
    [[nodiscard]] bool has_room() const { return buffer_.has_room(*limits_); }
    void append(std::string_view bytes) { buffer_.append(bytes, *limits_); }

    [[nodiscard]] std::uint16_t status() const { return status_; }          // 0: not begun
    [[nodiscard]] std::uint64_t body_bytes() const { return body_bytes_; }  // so far
    // How many bytes of the body are among the first `sent` of the answer. (What frames chunks
    // counts as body as long as the answer has not been sent to its end.)
    [[nodiscard]] std::uint64_t body_bytes_in(std::uint64_t sent) const;
    [[nodiscard]] bool keep_alive() const { return framing_.keep_alive; }
    [[nodiscard]] bool cut() const { return cut_; }      // more came than was announced
    [[nodiscard]] bool ended() const { return ended_; }  // all of it is in the buffer, or sent

    void clear();

  private:
    [[nodiscard]] std::uint64_t allowed(std::uint64_t length);

    const AnswerLimits* limits_ = nullptr;
    AnswerFraming framing_;
    std::uint16_t status_ = 0;
    std::uint64_t head_size_ = 0;
    std::string packed_head_;  // of HTTP/2
    std::uint64_t body_bytes_ = 0;
    bool cut_ = false;
    bool ended_ = false;
    AnswerBuffer buffer_;
};

}  // namespace bundle
